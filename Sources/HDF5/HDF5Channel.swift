import Foundation

/// Messages between the program and the process that reads a file: a length and JSON, and after some
/// of them values.
package struct HDF5Channel: Sendable {
  /// What can go wrong with the other side.
  package enum Failure: Error {
    /// It has ended.
    case ended
    /// It sends what is no message.
    case malformed(String)
  }

  private let input: Int32
  private let output: Int32
  /// Whether `output` is a socket, into which one writes without a signal where nobody reads any more.
  private let isSocket: Bool
  /// A message is no longer.
  private static let longest = 1 << 28
  private static let packet = 1 << 18

  package init(input: Int32, output: Int32, isSocket: Bool = false) {
    (self.input, self.output, self.isSocket) = (input, output, isSocket)
  }

  package func send(_ message: some Encodable) throws {
    let text = try JSONEncoder().encode(message)
    var frame = Data(capacity: text.count + 4)
    withUnsafeBytes(of: UInt32(text.count).littleEndian) { frame.append(contentsOf: $0) }
    frame.append(text)
    try frame.withUnsafeBytes { try send($0) }
  }

  package func receive<Message: Decodable>(_ type: Message.Type) throws -> Message {
    let count = try receiveCount(atMost: Self.longest)
    var text = Data(count: count)
    try text.withUnsafeMutableBytes { try receive($0) }
    do {
      return try JSONDecoder().decode(type, from: text)
    } catch {
      throw Failure.malformed("a message that is not understood")
    }
  }

  /// Sends texts in packets of a length, then for each text a length and its UTF-8; an empty packet
  /// ends them.
  package func send(texts: [String]) throws {
    var packet: [UInt8] = []
    packet.reserveCapacity(Self.packet + 1024)
    func flush() throws {
      try withUnsafeBytes(of: UInt32(packet.count).littleEndian) { try send($0) }
      try packet.withUnsafeBytes { try send($0) }
      packet.removeAll(keepingCapacity: true)
    }
    for var text in texts {
      text.withUTF8 { bytes in
        withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { packet.append(contentsOf: $0) }
        packet.append(contentsOf: bytes)
      }
      if packet.count >= Self.packet { try flush() }
    }
    if !packet.isEmpty { try flush() }
    try flush()
  }

  /// Receives so many texts.
  package func receiveTexts(_ count: Int) throws -> [String] {
    var texts: [String] = []
    texts.reserveCapacity(min(count, 1 << 20))
    var total = 0
    while true {
      let bytes = try receiveCount(atMost: HDF5Limits.labelBytes)
      if bytes == 0 { break }
      total += bytes
      guard total <= HDF5Limits.labelBytes + 4 * HDF5Limits.labels else {
        throw Failure.malformed("more text than may be")
      }
      let packet = try [UInt8](unsafeUninitializedCapacity: bytes) { memory, filled in
        try receive(UnsafeMutableRawBufferPointer(memory))
        filled = bytes
      }
      try packet.withUnsafeBytes { packet in
        var start = 0
        while start < packet.count {
          guard start + 4 <= packet.count else { throw Failure.malformed("a text cut off") }
          let length = Int(
            UInt32(littleEndian: packet.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
          start += 4
          guard length <= packet.count - start, texts.count < count,
            let text = String(validating: packet[start..<start + length], as: UTF8.self)
          else { throw Failure.malformed("a text that is none") }
          texts.append(text)
          start += length
        }
      }
    }
    guard texts.count == count else {
      throw Failure.malformed("\(texts.count) texts of \(count)")
    }
    return texts
  }

  /// Sends bytes as they are.
  package func send(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written =
        isSocket
        ? Foundation.send(output, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        : write(output, rest.baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Failure.ended }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
  }

  /// Fills memory.
  package func receive(_ memory: UnsafeMutableRawBufferPointer) throws {
    var rest = memory
    while !rest.isEmpty {
      let got = read(input, rest.baseAddress, rest.count)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw Failure.ended }
      rest = UnsafeMutableRawBufferPointer(rebasing: rest.dropFirst(got))
    }
  }

  private func receiveCount(atMost most: Int) throws -> Int {
    var count: UInt32 = 0
    try withUnsafeMutableBytes(of: &count) { try receive($0) }
    let length = Int(UInt32(littleEndian: count))
    guard length <= most else { throw Failure.malformed("a message of \(length) bytes") }
    return length
  }
}
