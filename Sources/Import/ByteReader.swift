/// Reads numbers from bytes, each read inside bounds: nil beyond the end.
struct ByteReader {
  let bytes: [UInt8]

  func number<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type, at offset: Int) -> T? {
    let size = MemoryLayout<T>.size
    guard offset >= 0, offset <= bytes.count, size <= bytes.count - offset else { return nil }
    var value: T = 0
    for i in (0..<size).reversed() { value = value << 8 | T(bytes[offset + i]) }
    return value
  }
}
