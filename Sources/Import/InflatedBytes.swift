import CZlib

/// A deflated member of an archive, unpacked as it is read, in bounded memory.
///
/// Reading forwards unpacks once; reading backwards begins again from the start.
final class InflatedBytes: ByteSource {
  let count: Int
  private let packed: FileBytes
  private let checksum: UInt32
  private let path: String
  private let name: String
  private let stream: UnsafeMutablePointer<z_stream>
  private var isOpen = false
  private var input = [UInt8](repeating: 0, count: 1 << 16)
  private var inputAt = 0
  /// Bytes of the member that were unpacked so far, and their checksum.
  private var position = 0
  private var running: UInt = 0

  init(_ packed: FileBytes, size: Int, checksum: UInt32, path: String, name: String) {
    (self.packed, count, self.checksum) = (packed, size, checksum)
    (self.path, self.name) = (path, name)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
  }

  deinit {
    if isOpen { inflateEnd(stream) }
    stream.deallocate()
  }

  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws {
    guard offset >= 0, offset <= count, target.count <= count - offset else {
      throw ImportError(path, name, "ends early: the copy is incomplete, copy it again")
    }
    if !isOpen || offset < position { try begin() }
    if offset > position {
      let skipped = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { skipped.deallocate() }
      while position < offset {
        try unpack(
          into: UnsafeMutableRawBufferPointer(
            rebasing: skipped[..<min(skipped.count, offset - position)]))
      }
    }
    try unpack(into: target)
  }

  private func begin() throws {
    if isOpen { inflateEnd(stream) }
    isOpen = false
    stream.pointee = z_stream()
    guard mote_inflate_raw(stream) == Z_OK else {
      throw ImportError(path, name, "cannot be unpacked: zlib has no memory")
    }
    isOpen = true
    (inputAt, position, running) = (0, 0, 0)
  }

  /// Unpacks exactly as many bytes as the target has.
  private func unpack(into target: UnsafeMutableRawBufferPointer) throws {
    guard let base = target.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    var done = 0
    while done < target.count {
      // zlib counts in 32 bits.
      let wanted = min(target.count - done, 1 << 20)
      done += try step(into: base + done, wanted)
    }
  }

  /// One call of the library; how many bytes it gave, at least one.
  private func step(into target: UnsafeMutablePointer<UInt8>, _ wanted: Int) throws -> Int {
    var given = 0
    while given == 0 {
      let available = min(input.count, packed.count - inputAt)
      if available > 0 {
        try input.withUnsafeMutableBytes {
          try packed.read(
            at: inputAt, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<available]))
        }
      }
      let status = input.withUnsafeMutableBufferPointer { buffer -> Int32 in
        stream.pointee.next_in = buffer.baseAddress
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = target
        stream.pointee.avail_out = UInt32(wanted)
        return inflate(stream, Z_NO_FLUSH)
      }
      inputAt += available - Int(stream.pointee.avail_in)
      given = wanted - Int(stream.pointee.avail_out)
      guard status == Z_OK || status == Z_STREAM_END, given > 0 || available > 0 && status == Z_OK
      else {
        throw ImportError(path, name, "cannot be unpacked: the copy is damaged, copy it again")
      }
    }
    running = crc32(running, target, UInt32(given))
    position += given
    if position == count, running != UInt(checksum) {
      throw ImportError(path, name, "differs from its checksum: the copy is damaged, copy it again")
    }
    return given
  }
}
