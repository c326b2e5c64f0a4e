import CZlib
import Files

/// A ZIP archive as NumPy writes it (.npz): members stored as they are or deflated, ZIP64 or not.
///
/// Everything that the archive declares is held against the size of the file before it is used.
final class ZipArchive {
  /// One member, as the directory at the end of the archive describes it.
  struct Member {
    let name: String
    let isDeflated: Bool
    let checksum: UInt32
    /// Bytes in the archive, and of the member itself.
    let packed: Int
    let size: Int
    /// Where its own header begins.
    let header: Int
  }

  let path: String
  /// In order of the directory.
  private(set) var members: [Member] = []
  private let file: MappedFile
  private let bytes: FileBytes

  /// Members of an archive, and bytes of its directory, that are looked at.
  private static let most = (members: 10_000, directory: 64 << 20)
  /// A member that says to be larger than this must not be packed more than `mostRatio`-fold.
  private static let unsuspicious = 256 << 20
  private static let mostRatio = 100

  /// Reads the directory.
  init(_ path: String) throws {
    self.path = path
    file = try MappedFile(path)
    bytes = FileBytes(file, path: path)
    let directory = try endOfDirectory()
    guard directory.entries <= Self.most.members, directory.size <= Self.most.directory else {
      throw ImportError(
        path, nil,
        "is an archive of \(directory.entries) members, more than are read; save the arrays that"
          + " are needed with np.savez")
    }
    var at = 0
    let reader = ByteReader(
      bytes: try bytes.bytes(directory.start..<directory.start + directory.size))
    for index in 0..<directory.entries {
      at = try readEntry(reader, at, index)
    }
  }

  /// Bytes of a member, unpacked as they are read.
  func open(_ member: Member) throws -> any ByteSource {
    // The member's own header only says where its bytes begin.
    let fixed = 30
    guard member.header <= bytes.count - fixed else { throw broken("a member beyond its end") }
    let reader = ByteReader(bytes: try bytes.bytes(member.header..<member.header + fixed))
    guard reader.number(UInt32.self, at: 0) == 0x0403_4B50,
      let name = reader.number(UInt16.self, at: 26), let extra = reader.number(UInt16.self, at: 28)
    else { throw broken("no header of the member '\(member.name)'") }
    let start = member.header + fixed + Int(name) + Int(extra)
    guard start <= bytes.count, member.packed <= bytes.count - start else {
      throw broken("the member '\(member.name)' beyond its end")
    }
    let packed = FileBytes(file, path: path, range: start..<start + member.packed)
    if !member.isDeflated {
      guard member.packed == member.size else {
        throw broken("two sizes of the member '\(member.name)'")
      }
      try checkStored(member, packed)
      return packed
    }
    // Deflate packs at most 1,032-fold, so a size beyond that is a lie.
    let (possible, overflow) = member.packed.multipliedReportingOverflow(by: 1_032)
    guard overflow || member.size <= possible + 1_032 else {
      throw broken("a size of the member '\(member.name)' that its packed bytes cannot have")
    }
    if member.size > Self.unsuspicious, member.size / max(1, member.packed) >= Self.mostRatio {
      throw ImportError(
        path, member.name,
        "says that \(member.packed) bytes unpack to \(member.size), as a ZIP bomb would; if it is"
          + " right, save the array by itself with np.save")
    }
    return InflatedBytes(
      packed, size: member.size, checksum: member.checksum, path: path, name: member.name)
  }

  /// The end record, which is the last thing in the archive but for a comment.
  private func endOfDirectory() throws -> (entries: Int, start: Int, size: Int) {
    let span = min(bytes.count, 22 + 65_535)
    let base = bytes.count - span
    let reader = ByteReader(bytes: try bytes.bytes(base..<bytes.count))
    var end = span - 22
    while end >= 0, reader.number(UInt32.self, at: end) != 0x0605_4B50 { end -= 1 }
    guard end >= 0, let entries = reader.number(UInt16.self, at: end + 10),
      let size = reader.number(UInt32.self, at: end + 12),
      let start = reader.number(UInt32.self, at: end + 16)
    else {
      throw ImportError(
        path, nil,
        "has no directory of an archive at its end: the copy is incomplete, copy it again")
    }
    var found = (entries: Int(entries), start: Int(start), size: Int(size))
    if entries == .max || size == .max || start == .max {
      found = try endOfDirectory64(reader, locator: end - 20)
    }
    guard found.start <= bytes.count, found.size <= bytes.count - found.start else {
      throw broken("a directory beyond its end")
    }
    return found
  }

  /// The end record of ZIP64, which a locator before the other end record leads to.
  private func endOfDirectory64(_ reader: ByteReader, locator: Int) throws -> (
    entries: Int, start: Int, size: Int
  ) {
    guard locator >= 0, reader.number(UInt32.self, at: locator) == 0x0706_4B50,
      let place = reader.number(UInt64.self, at: locator + 8), let at = Int(exactly: place),
      at <= bytes.count - 56
    else { throw broken("no directory of ZIP64") }
    let record = ByteReader(bytes: try bytes.bytes(at..<at + 56))
    guard record.number(UInt32.self, at: 0) == 0x0606_4B50,
      let entries = record.number(UInt64.self, at: 32).flatMap({ Int(exactly: $0) }),
      let size = record.number(UInt64.self, at: 40).flatMap({ Int(exactly: $0) }),
      let start = record.number(UInt64.self, at: 48).flatMap({ Int(exactly: $0) })
    else { throw broken("no directory of ZIP64") }
    return (entries, start, size)
  }

  /// Reads one entry of the directory; where the next begins.
  private func readEntry(_ reader: ByteReader, _ at: Int, _ index: Int) throws -> Int {
    guard reader.number(UInt32.self, at: at) == 0x0201_4B50,
      let flags = reader.number(UInt16.self, at: at + 8),
      let method = reader.number(UInt16.self, at: at + 10),
      let checksum = reader.number(UInt32.self, at: at + 16),
      let packed = reader.number(UInt32.self, at: at + 20),
      let size = reader.number(UInt32.self, at: at + 24),
      let nameLength = reader.number(UInt16.self, at: at + 28).map({ Int($0) }),
      let extraLength = reader.number(UInt16.self, at: at + 30).map({ Int($0) }),
      let commentLength = reader.number(UInt16.self, at: at + 32).map({ Int($0) }),
      let header = reader.number(UInt32.self, at: at + 42),
      at + 46 + nameLength + extraLength + commentLength <= reader.bytes.count
    else { throw broken("no entry \(index + 1) in its directory") }
    let nameEnd = at + 46 + nameLength
    let name = String(decoding: reader.bytes[at + 46..<nameEnd], as: UTF8.self)
    guard flags & 1 == 0 else {
      throw ImportError(path, name, "is encrypted; save the array without a password")
    }
    guard method == 0 || method == 8 else {
      throw ImportError(
        path, name,
        "is packed by method \(method); np.savez and np.savez_compressed pack in a way that is read"
      )
    }
    let wide = wideSizes(
      reader, nameEnd..<nameEnd + extraLength, size: size, packed: packed, header: header)
    guard let size = Int(exactly: wide.size), let packed = Int(exactly: wide.packed),
      let header = Int(exactly: wide.header), packed <= bytes.count, header <= bytes.count
    else { throw broken("sizes of the member '\(name)' beyond its end") }
    if !name.hasSuffix("/") {
      members.append(
        Member(
          name: name, isDeflated: method == 8, checksum: checksum, packed: packed, size: size,
          header: header))
    }
    return nameEnd + extraLength + commentLength
  }

  /// Sizes of an entry, those of ZIP64 where the short ones say so.
  private func wideSizes(
    _ reader: ByteReader, _ extra: Range<Int>, size: UInt32, packed: UInt32, header: UInt32
  ) -> (size: UInt64, packed: UInt64, header: UInt64) {
    var found = (size: UInt64(size), packed: UInt64(packed), header: UInt64(header))
    var at = extra.lowerBound
    while at + 4 <= extra.upperBound, let kind = reader.number(UInt16.self, at: at),
      let length = reader.number(UInt16.self, at: at + 2)
    {
      var field = at + 4
      let end = min(extra.upperBound, field + Int(length))
      at = field + Int(length)
      guard kind == 1 else { continue }
      // The wide values follow one another, each only where its short one is full of ones.
      func next(_ short: UInt32, _ wide: inout UInt64) {
        guard short == .max, field + 8 <= end else { return }
        wide = reader.number(UInt64.self, at: field) ?? wide
        field += 8
      }
      next(size, &found.size)
      next(packed, &found.packed)
      next(header, &found.header)
    }
    return found
  }

  /// Holds a stored member against its checksum.
  private func checkStored(_ member: Member, _ source: FileBytes) throws {
    var checksum: UInt = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var at = 0
    while at < source.count {
      let count = min(buffer.count, source.count - at)
      try buffer.withUnsafeMutableBytes {
        try source.read(at: at, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<count]))
      }
      checksum = crc32(checksum, buffer, UInt32(count))
      at += count
    }
    guard checksum == UInt(member.checksum) else {
      throw ImportError(
        path, member.name, "differs from its checksum: the copy is damaged, copy it again")
    }
  }

  private func broken(_ what: String) -> ImportError {
    ImportError(path, nil, "is a damaged archive with \(what); copy it again")
  }
}
