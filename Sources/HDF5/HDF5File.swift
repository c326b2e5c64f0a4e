import Foundation
import Kernels
import Synchronization

/// An HDF5 file open for reading, by a process of its own.
///
/// A file may be used from any thread. Errors carry file, dataset and the library's own text.
package final class HDF5File: Sendable {
  /// Path as given.
  package let path: String
  let reader: HDF5ReaderProcess
  /// All datasets, once they have been asked for.
  private let listing = Mutex<[HDF5Entry]?>(nil)

  /// Opens a file read-only.
  ///
  /// - Throws: `HDF5Error.noFile`, or the library's reason with a hint (newer format, still open
  ///   for writing, locked, truncated); `FileError` where no process can be started.
  package init(path: String) throws {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw HDF5Error.noFile(
        file: path,
        found: errno == ENOENT ? "no such file" : String(cString: strerror(errno)))
    }
    // Opening a pipe or a device would wait for a writer.
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw HDF5Error.noFile(
        file: path, found: status.st_mode & S_IFMT == S_IFDIR ? "is a folder" : "is not a file")
    }
    reader = try HDF5ReaderProcess(file: path)
    try reader.ask(.open(path)) { answer, _ in if case .opened = answer { () } else { nil } }
  }

  /// Paths of all datasets, in order of name, without the leading slash.
  package func datasets() throws -> [String] {
    try entries().filter { !$0.isRefusedLink }.map(\.path)
  }

  /// All datasets of the file in order of name, with their shapes and types.
  ///
  /// - Throws: `HDF5Error.refused` for a file with more objects or deeper groups than are looked at,
  ///   of which nothing is left out silently.
  package func entries() throws -> [HDF5Entry] {
    if let known = listing.withLock({ $0 }) { return known }
    let entries = try reader.ask(.entries) { answer, _ in
      guard case .entries(let entries) = answer, entries.allSatisfy(\.isSound) else {
        return [HDF5Entry]?.none
      }
      return entries
    }
    listing.withLock { $0 = entries }
    return entries
  }

  /// True when every link on a path exists.
  package func contains(_ dataset: String) throws -> Bool {
    try reader.ask(.contains(dataset)) { answer, _ in
      if case .truth(let truth) = answer { truth } else { nil }
    }
  }

  /// All attributes of an object that are single values, as text: scalars and one-element arrays of
  /// strings, integers and floats.
  package func attributes(of object: String = "/") throws -> [String: String] {
    try attributes(of: [object])[0]
  }

  /// The same of each of several objects.
  package func attributes(of objects: [String]) throws -> [[String: String]] {
    try reader.ask(.attributes(of: objects)) { answer, _ in
      guard case .attributes(let values) = answer, values.count == objects.count else { return nil }
      return values
    }
  }

  /// All values of datasets of numbers as float32, one dataset after the other.
  ///
  /// - Parameters:
  ///   - count: how many they have together, as their entries say; memory for so many is filled.
  package func read(
    _ datasets: [String], count: Int, into target: UnsafeMutablePointer<Float>
  ) throws {
    try reader.ask(.values(of: datasets, count: count)) { (answer, channel) -> Void? in
      guard case .floats(let sent) = answer, sent == count else { return nil }
      return try channel.receive(
        UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: target, count: count)))
    }
  }

  /// Opens one dataset.
  package func dataset(_ path: String) throws -> HDF5Dataset {
    try HDF5Dataset(file: self, path: path)
  }

  /// Extent of each axis of a dataset; empty for a scalar.
  package func shape(of dataset: String) throws -> [Int] {
    try self.dataset(dataset).shape
  }

  /// A numeric dataset as float32: rows of the first axis by the flattened others.
  package func read(_ dataset: String) throws -> FloatMatrix {
    try self.dataset(dataset).readMatrix()
  }

  /// A dataset of labels (strings, integers, enumerations) as text; see `HDF5Dataset.labels`.
  package func labels(_ dataset: String) throws -> [String] {
    try self.dataset(dataset).labels()
  }
}
