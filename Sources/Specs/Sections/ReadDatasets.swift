import Configurations

/// The `datasets` section: files, HDF5 paths and gender codes.
extension SpecReader {
  private enum DatasetKey: String, CaseIterable {
    case files
    case mapping
    case genderCodes = "gender_codes"
    case unusableRows = "unusable_rows"
    case normalise, dimension
  }
  private enum SourceKey: String, CaseIterable {
    case path
    case mapping
    case genderCodes = "gender_codes"
    case unusableRows = "unusable_rows"
    case normalise, dimension
  }
  private enum MappingKey: String, CaseIterable {
    case embeddings, identity, gender, filename, attributes
  }
  private enum CodeKey: String, CaseIterable {
    case male, female, unlabelled
  }

  /// The datasets in file order, and where each file's path stands ("dataset/extractor").
  mutating func datasets(_ node: SpecNode?) -> ([DatasetSpec], [String: SourceLocation]) {
    var datasets: [DatasetSpec] = []
    var places: [String: SourceLocation] = [:]
    for entry in named(node, "datasets", allowEmpty: false) {
      let name = LocatedName(name: entry.key, location: entry.keyLocation)
      checkName(name, "dataset name")
      let fields = fields(entry.value, entry.key, DatasetKey.self)
      var shared = EmbeddingSource(path: "")
      shared.mapping = mapping(fields[.mapping], over: shared.mapping)
      shared.genderCodes = genderCodes(fields[.genderCodes], over: shared.genderCodes)
      shared.normalise = boolean(fields[.normalise], "normalise") ?? shared.normalise
      shared.unusableRows =
        choice(fields[.unusableRows], "unusable_rows", of: EmbeddingSource.UnusableRows.self)
        ?? shared.unusableRows
      shared.dimension = dimension(fields[.dimension]) ?? shared.dimension
      var sources: [String: EmbeddingSource] = [:]
      let files = required(fields, .files, in: "dataset '\(entry.key)'")
      for file in named(files, "files", allowEmpty: false) {
        checkName(LocatedName(name: file.key, location: file.keyLocation), "extractor name")
        let (source, place) = source(file, over: shared)
        sources[file.key] = source
        places["\(entry.key)/\(file.key)"] = place
      }
      datasets.append(DatasetSpec(name: entry.key, sources: sources))
    }
    return (datasets, places)
  }

  /// One file: a path, or a mapping with a path and what differs from the rest of the dataset.
  private mutating func source(_ entry: SpecNode.Entry, over shared: EmbeddingSource) -> (
    EmbeddingSource, SourceLocation
  ) {
    var source = shared
    guard entry.value.entries != nil else {
      source.path = text(entry.value, entry.key) ?? ""
      return (source, entry.value.location)
    }
    let fields = fields(entry.value, entry.key, SourceKey.self)
    let path = required(fields, .path, in: "file '\(entry.key)'")
    source.path = text(path, "path") ?? ""
    source.mapping = mapping(fields[.mapping], over: shared.mapping)
    source.genderCodes = genderCodes(fields[.genderCodes], over: shared.genderCodes)
    source.normalise = boolean(fields[.normalise], "normalise") ?? shared.normalise
    source.unusableRows =
      choice(fields[.unusableRows], "unusable_rows", of: EmbeddingSource.UnusableRows.self)
      ?? shared.unusableRows
    source.dimension = dimension(fields[.dimension]) ?? shared.dimension
    return (source, path?.location ?? entry.value.location)
  }

  private mutating func dimension(_ node: SpecNode?) -> Int? {
    integer(node, "dimension", in: 1...65_536)
  }

  private mutating func mapping(_ node: SpecNode?, over shared: HDF5Mapping) -> HDF5Mapping {
    let fields = fields(node, "mapping", MappingKey.self)
    var mapping = shared
    mapping.embeddings = text(fields[.embeddings], "embeddings") ?? mapping.embeddings
    mapping.identity = text(fields[.identity], "identity") ?? mapping.identity
    mapping.gender = text(fields[.gender], "gender") ?? mapping.gender
    mapping.filename = text(fields[.filename], "filename") ?? mapping.filename
    for entry in named(fields[.attributes], "attributes") {
      mapping.attributes[entry.key] = text(entry.value, entry.key)
    }
    return mapping
  }

  private mutating func genderCodes(_ node: SpecNode?, over shared: GenderCodes) -> GenderCodes {
    let fields = fields(node, "gender_codes", CodeKey.self)
    var owner: [String: CodeKey] = [:]
    var codes: [CodeKey: [String]] = [:]
    for key in CodeKey.allCases {
      let found = texts(fields[key], key.rawValue, allowEmpty: true)
      for code in found {
        if let other = owner[code.name] {
          report(
            code.location,
            "gender code '\(shortened(code.name))' is given to both '\(other.rawValue)' and '\(key.rawValue)'"
          )
        }
        owner[code.name] = key
      }
      codes[key] = fields[key] == nil ? nil : found.map(\.name)
    }
    return GenderCodes(
      male: codes[.male] ?? shared.male, female: codes[.female] ?? shared.female,
      unlabelled: codes[.unlabelled] ?? shared.unlabelled)
  }
}
