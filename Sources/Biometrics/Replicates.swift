/// Bootstrap replicates of one measurement.
///
/// Replicate b of every measurement made on the same evaluation subjects uses the same draw of
/// subjects, so differences taken element by element are paired. NaN marks a replicate in which the
/// quantity is undefined.
///
/// In JSON: `[first, count]` into a `ReplicateColumn` where encoder or decoder have one; otherwise, and
/// in records of before, base64 of little-endian float64.
package struct Replicates: Sendable, Codable, Equatable {
  package var values: [Double]

  package init(_ values: [Double]) { self.values = values }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let column = decoder.userInfo[.replicates] as? ReplicateColumn,
      let place = try? container.decode([Int].self)
    {
      guard let values = column.values(at: place) else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: decoder.codingPath,
            debugDescription:
              "replicates \(place) are not the first and the number of some of \(column.count)"))
      }
      self.values = values
      return
    }
    let text = try container.decode(String.self)
    values = try PackedNumbers.decode(text, at: decoder.codingPath, "replicates")
      .map(Double.init(bitPattern:))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let column = encoder.userInfo[.replicates] as? ReplicateColumn {
      try container.encode(column.append(values))
    } else {
      try container.encode(PackedNumbers.encode(values.map(\.bitPattern)))
    }
  }
}
