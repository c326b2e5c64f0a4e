import Configurations
import Files
import Foundation
import Kernels

/// Templates of a file by their place: every dataset of the file is one piece, so that the numbers of
/// row r begin at offset + r · bytes of a row, and one system call each reads them.
///
/// Numbers go into a gallery as they are stored, so that scores have the same bits as those of the
/// networks that `ModelTemplates.references` gives. The seal was checked when the file was opened.
/// Belongs to one thread.
package final class TemplateRows {
  /// How bytes come from the file.
  package enum Way: String, Sendable, Codable, CaseIterable {
    /// `pread` into a buffer.
    case stride
    /// A map of the file into memory, used in place.
    case map
  }

  /// One dataset: a layer's weights, scales or biases.
  private struct Piece {
    let layer: Int
    let kind: Kind
    /// Byte of the file of row 0.
    let offset: Int
    /// Bytes of a row.
    let bytes: Int
  }
  private enum Kind: Int { case weight, scale, bias }

  package let shape: NetworkShape
  package let precision: WeightPrecision
  package let count: Int
  package let way: Way
  private let path: String
  private let pieces: [Piece]
  private let file: Int32
  private var map: UnsafeRawBufferPointer?
  private var buffer: UnsafeMutableRawBufferPointer
  private var biases: [Float]

  /// Bytes of the numbers of one template.
  package var bytesEach: Int { pieces.reduce(0) { $0 + $1.bytes } }

  /// - Throws: `ModelTemplateError` for a file whose datasets are not in one piece each; `HDF5Error`,
  ///   `FileError`.
  package init(_ templates: ModelTemplates, way: Way) throws {
    (shape, precision, count) = (templates.shape, templates.precision, templates.count)
    (path, self.way) = (templates.path, way)
    var pieces: [Piece] = []
    for k in 0..<shape.layerCount {
      let (inputs, outputs) = (shape.dims[k], shape.dims[k + 1])
      var parts: [(Kind, String, Int)] = [(.weight, "weight", inputs * outputs)]
      if precision == .int8 { parts.append((.scale, "scale", outputs)) }
      parts.append((.bias, "bias", outputs))
      for (kind, name, columns) in parts {
        let type = kind == .weight || precision == .float16 ? precision.rawValue : "float32"
        let dataset = try templates.file.dataset("fc\(k + 1)/\(name)")
        let bytes = columns * (type == "float32" ? 4 : type == "float16" ? 2 : 1)
        guard let offset = dataset.offset, dataset.typeName == type,
          dataset.shape.reduce(1, *) == templates.count * columns
        else {
          throw ModelTemplateError.bad(
            path: path,
            reason: "'fc\(k + 1)/\(name)' is \(dataset.typeName) \(dataset.shape), "
              + "\(dataset.layoutName), expected \(type) in one piece, as this program writes it")
        }
        pieces.append(Piece(layer: k, kind: kind, offset: offset, bytes: bytes))
      }
    }
    self.pieces = pieces
    biases = [Float](repeating: 0, count: shape.dims.max() ?? 1)
    buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    file = try RegularFile.open(path)
    do {
      var status = stat()
      guard fstat(file, &status) == 0 else {
        throw FileError(path: path, operation: .read, code: errno)
      }
      let size = Int(status.st_size)
      if let last = pieces.max(by: { $0.offset + count * $0.bytes < $1.offset + count * $1.bytes }),
        last.offset + count * last.bytes > size
      {
        throw ModelTemplateError.bad(
          path: path,
          reason: "it has \(size) bytes, its templates end at \(last.offset + count * last.bytes)")
      }
      if way == .map { map = try Self.mapped(file, size, path) }
    } catch {
      close(file)
      throw error
    }
  }

  deinit {
    if let map { munmap(UnsafeMutableRawPointer(mutating: map.baseAddress!), map.count) }
    buffer.deallocate()
    close(file)
  }

  private static func mapped(
    _ file: Int32, _ size: Int, _ path: String
  ) throws(FileError) -> UnsafeRawBufferPointer {
    guard let base = mmap(nil, size, PROT_READ, MAP_SHARED, file, 0), base != MAP_FAILED else {
      throw FileError(path: path, operation: .read, code: errno)
    }
    return UnsafeRawBufferPointer(start: base, count: size)
  }

  /// Puts the templates of some rows into a gallery of the file's shape and precision, from place
  /// `first` on.
  ///
  /// - Throws: `FileError`.
  package func load(
    _ rows: Range<Int>, into gallery: MoteGallery, at first: Int
  ) throws(FileError) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "\(rows) of \(count)")
    precondition(gallery.shape == shape && gallery.precision == precision)
    // Pieces of a layer come in the order weight, scale, bias.
    var start = 0
    var starts: [UnsafeRawPointer] = []
    starts.reserveCapacity(pieces.count)
    let needed = pieces.reduce(0) { $0 + Self.aligned($1.bytes * rows.count) }
    if buffer.count < needed {
      buffer.deallocate()
      buffer = .allocate(byteCount: needed, alignment: 64)
    }
    for piece in pieces {
      let place = buffer.baseAddress! + start
      let offset = piece.offset + rows.lowerBound * piece.bytes
      starts.append(try bytes(offset, piece.bytes * rows.count, place))
      start += Self.aligned(piece.bytes * rows.count)
    }
    for r in 0..<rows.count {
      var p = 0
      for k in 0..<shape.layerCount {
        let weights = starts[p] + r * pieces[p].bytes
        p += 1
        var scales: UnsafePointer<Float>?
        if precision == .int8 {
          scales = (starts[p] + r * pieces[p].bytes).assumingMemoryBound(to: Float.self)
          p += 1
        }
        let stored = starts[p] + r * pieces[p].bytes
        p += 1
        if precision == .float16 {
          let halves = stored.assumingMemoryBound(to: Float16.self)
          for u in 0..<shape.dims[k + 1] { biases[u] = Float(halves[u]) }
          gallery.networks.setLayer(
            k, of: first + r, weights: weights, scales: scales, biases: biases)
        } else {
          gallery.networks.setLayer(
            k, of: first + r, weights: weights, scales: scales,
            biases: stored.assumingMemoryBound(to: Float.self))
        }
      }
    }
  }

  private static let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Bytes of a piece in the buffer, so that the next begins at a line of the cache.
  private static func aligned(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }

  /// Some bytes of the file: in the map where they are aligned for numbers, else at `place`.
  @inline(__always)
  private func bytes(
    _ offset: Int, _ count: Int, _ place: UnsafeMutableRawPointer
  ) throws(FileError) -> UnsafeRawPointer {
    if let map {
      let source = map.baseAddress! + offset
      // Else every page that is not in memory would be waited for by itself.
      let start = Int(bitPattern: source) & ~(Self.page - 1)
      madvise(
        UnsafeMutableRawPointer(bitPattern: start), Int(bitPattern: source) + count - start,
        MADV_WILLNEED)
      if Int(bitPattern: source) % 4 == 0 { return source }
      place.copyMemory(from: source, byteCount: count)
      return UnsafeRawPointer(place)
    }
    var done = 0
    while done < count {
      let got = pread(file, place + done, count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        if got < 0 { throw FileError(path: path, operation: .read, code: errno) }
        throw FileError(path: path, operation: .read, reason: "it was cut off while it was read")
      }
      done += got
    }
    return UnsafeRawPointer(place)
  }

  /// Lets the system forget the file's pages (`posix_fadvise`, POSIX_FADV_DONTNEED), so that what is
  /// read next comes from the disk; those of the map leave the map first. Caches of the disk and of a
  /// host below stay.
  package func forgetPages() {
    if let map {
      madvise(UnsafeMutableRawPointer(mutating: map.baseAddress!), map.count, MADV_DONTNEED)
    }
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
  }

  /// Share of the file's pages that lie in memory; nil where the system does not tell.
  package func residentShare() throws(FileError) -> Double? {
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size > 0 else { return nil }
    let own = try Self.mapped(file, Int(status.st_size), path)
    let base = UnsafeMutableRawPointer(mutating: own.baseAddress!)
    defer { munmap(base, own.count) }
    var states = [UInt8](repeating: 0, count: (own.count + Self.page - 1) / Self.page)
    guard mincore(base, own.count, &states) == 0 else { return nil }
    return Double(states.count { $0 & 1 == 1 }) / Double(states.count)
  }
}
