import Datasets
import Foundation
import HDF5

/// One array of NumPy: of a .npy file, or of a member of an .npz archive.
final class NumpyArray {
  let file: String
  /// Member of the archive; nil: the file is the array.
  let place: String?
  let header: NumpyHeader
  private let source: any ByteSource

  init(_ source: any ByteSource, file: String, place: String? = nil) throws {
    (self.source, self.file, self.place) = (source, file, place)
    header = try NumpyHeader(source, file: file, place: place)
  }

  /// Type and shape in words: "float32 [12, 8]".
  var summary: String {
    let type =
      switch header.kind {
      case .float: "float\(header.size * 8)"
      case .integer: "int\(header.size * 8)"
      case .unsigned: "uint\(header.size * 8)"
      case .boolean: "Booleans"
      case .unicode, .bytes: "text"
      }
    return "\(type) \(header.shape)"
  }

  /// Whether it can be vectors: numbers along two axes.
  var isMatrix: Bool {
    header.kind == .float && header.shape.count <= 4 && header.shape.count { $0 > 1 } == 2
  }

  /// Labels that it would be; nil: it has several axes.
  var labelCount: Int? {
    header.shape.count(where: { $0 != 1 }) <= 1 ? header.count : nil
  }

  /// The matrix [n, d] as vectors.
  ///
  /// - Parameter isTransposed: it is stored as [d, n].
  func vectors(isTransposed: Bool) throws -> any VectorSource {
    guard [.float, .integer, .unsigned].contains(header.kind) else {
      throw failure("holds \(summary), expected numbers [rows, dimension]")
    }
    // An array [n, 1, d] is the matrix [n, d]; more than two real axes are not guessed at.
    let shape = header.shape.count <= 2 ? header.shape : header.shape.filter { $0 != 1 }
    guard shape.count == 2 else {
      throw failure(
        "has the shape \(header.shape), expected [rows, dimension]; save x.reshape(len(x), -1)")
    }
    // Transposing swaps the axes and the order in which they run.
    return NumpyVectors(
      array: self, rows: isTransposed ? shape[1] : shape[0],
      dimension: isTransposed ? shape[0] : shape[1], isColumnMajor: header.isFortran != isTransposed
    )
  }

  /// Labels, one per element of a vector [n], a column [n, 1] or a row [1, n].
  func labels(allowsFractions: Bool) throws -> [String] {
    guard header.shape.count(where: { $0 != 1 }) <= 1 else {
      throw failure("has the shape \(header.shape), expected one label per row")
    }
    let most = 1 << 30
    guard header.count <= 1 << 27, header.count * header.size <= most else {
      throw failure("has \(header.count) labels of \(header.size) bytes, more than are read")
    }
    let bytes = try source.bytes(header.start..<header.start + header.count * header.size)
    return try (0..<header.count).map { row in
      try label(bytes[row * header.size..<(row + 1) * header.size], row, allowsFractions)
    }
  }

  private func label(
    _ bytes: ArraySlice<UInt8>, _ row: Int, _ allowsFractions: Bool
  ) throws -> String {
    switch header.kind {
    case .boolean: return bytes.first == 0 ? "0" : "1"
    case .integer:
      let pattern = bits(bytes)
      let unused = 64 - 8 * header.size
      return String(Int64(bitPattern: pattern << UInt64(unused)) >> Int64(unused))
    case .unsigned: return String(bits(bytes))
    case .float:
      let value = number(bits(bytes))
      guard
        let label = numberLabel(value, bytes: header.size, allowsFractions: allowsFractions)
      else {
        throw failure(
          "has \(value) in row \(row), stored as float\(header.size * 8); expected whole numbers"
            + " small enough to be told apart, or text")
      }
      return label
    case .bytes:
      var text = bytes
      while text.last == 0 { text.removeLast() }
      guard let label = String(validating: text, as: UTF8.self) else {
        throw failure("has text in row \(row) that is not UTF-8; save x.astype(str)")
      }
      return label
    case .unicode:
      var label = String.UnicodeScalarView()
      for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
        let code = bits(bytes[start..<start + 4])
        guard let scalar = UInt32(exactly: code).flatMap({ Unicode.Scalar($0) }) else {
          throw failure("has something in row \(row) that is no character; save x.astype(str)")
        }
        label.append(scalar)
      }
      while label.last?.value == 0 { label.removeLast() }
      return String(label)
    }
  }

  /// At most eight bytes as a number, in the order of the array.
  private func bits(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    if header.isBigEndian {
      for byte in bytes { value = value << 8 | UInt64(byte) }
    } else {
      for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    }
    return value
  }

  private func number(_ bits: UInt64) -> Double {
    switch header.size {
    case 2: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case 4: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    default: Double(bitPattern: bits)
    }
  }

  fileprivate func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws {
    try source.read(at: header.start + offset, into: target)
  }

  /// "features.npz: 'emb'".
  var origin: String { place.map { "\(file): '\($0)'" } ?? file }

  func failure(_ reason: String) -> ImportError { ImportError(file, place, reason) }
}

/// A matrix of NumPy, [rows, dimension], stored row by row or column by column.
private struct NumpyVectors: VectorSource {
  let array: NumpyArray
  let rows: Int
  let dimension: Int
  let isColumnMajor: Bool

  var origin: String { array.origin }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows)
    let size = array.header.size
    let run = isColumnMajor ? range.count : range.count * dimension
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, run * size), alignment: 16)
    defer { raw.deallocate() }
    let bytes = UnsafeMutableRawBufferPointer(rebasing: raw[..<(run * size)])
    if !isColumnMajor {
      try array.read(at: range.lowerBound * dimension * size, into: bytes)
      convert(bytes, count: run, to: target, step: 1)
      return
    }
    for j in 0..<dimension {
      try array.read(at: (j * rows + range.lowerBound) * size, into: bytes)
      convert(bytes, count: run, to: target + j, step: dimension)
    }
  }

  /// Stored numbers as float32, `step` apart.
  private func convert(
    _ bytes: UnsafeMutableRawBufferPointer, count: Int, to target: UnsafeMutablePointer<Float>,
    step: Int
  ) {
    func each<T: FixedWidthInteger>(_ type: T.Type, _ value: (T) -> Float) {
      for i in 0..<count {
        let stored = bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
        target[i * step] = value(
          array.header.isBigEndian ? T(bigEndian: stored) : T(littleEndian: stored))
      }
    }
    switch (array.header.kind, array.header.size) {
    case (.float, 2): each(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case (.float, 4): each(UInt32.self) { Float(bitPattern: $0) }
    case (.float, _): each(UInt64.self) { Float(Double(bitPattern: $0)) }
    case (.integer, 1): each(Int8.self) { Float($0) }
    case (.integer, 2): each(Int16.self) { Float($0) }
    case (.integer, 4): each(Int32.self) { Float($0) }
    case (.integer, _): each(Int64.self) { Float($0) }
    case (_, 1): each(UInt8.self) { Float($0) }
    case (_, 2): each(UInt16.self) { Float($0) }
    case (_, 4): each(UInt32.self) { Float($0) }
    default: each(UInt64.self) { Float($0) }
    }
  }
}
