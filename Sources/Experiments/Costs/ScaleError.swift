import Configurations

/// Why latency over the number of people cannot be measured.
package enum ScaleError: Error, CustomStringConvertible {
  /// The limit of the spec is below the file of the fewest people.
  case limit(gigabytes: Double, people: Int, precision: WeightPrecision, bytes: Int)
  /// The disk has less than the file takes.
  case noRoom(folder: String, people: Int, precision: WeightPrecision, bytes: Int, free: Int)
  /// The file could not be written; nothing is left of it.
  case notWritten(people: Int, precision: WeightPrecision, bytes: Int, reason: String)

  package var description: String {
    func size(_ bytes: Int) -> String {
      bytes < 1_000_000_000 ? "\((bytes + 999_999) / 1_000_000) MB" : gigabytes(bytes)
    }
    func gigabytes(_ bytes: Int) -> String {
      let tenths = (bytes + 99_999_999) / 100_000_000
      return "\(tenths / 10).\(tenths % 10) GB"
    }
    return switch self {
    case .limit(let limit, let people, let precision, let bytes):
      "'cost: scale_disk' is \(limit) GB, but \(people) people in \(precision.rawValue) take "
        + "\(size(bytes)); raise it, or lower 'scale_people'"
    case .noRoom(let folder, let people, let precision, let bytes, let free):
      "'\(folder)' has \(size(free)) free, but \(people) people in \(precision.rawValue) take "
        + "\(size(bytes)) while they are measured; lower 'cost: scale_disk', or give another folder "
        + "with --results"
    case .notWritten(let people, let precision, let bytes, let reason):
      "the file of \(people) people in \(precision.rawValue) (\(size(bytes))) could not be written, "
        + "and nothing is left of it: \(reason)"
    }
  }
}
