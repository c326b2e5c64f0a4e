import Configurations

/// A dataset of a spec: one file of embeddings per extractor.
package struct DatasetSpec: Sendable, Encodable, Hashable {
  package var name: String
  /// By extractor name. Paths are as written: relative to the data folder unless absolute.
  package var sources: [String: EmbeddingSource]
}

/// The keys of a dataset.
enum DatasetKey: String, SpecKey {
  case files
  case mapping
  case genderCodes = "gender_codes"
  case unusableRows = "unusable_rows"
  case normalise, dimension, subset

  static let section = SectionDocumentation(
    "datasets", "A dataset: one HDF5 file of embeddings per extractor, and how to read them.")

  var documentation: KeyDocumentation {
    let usual = EmbeddingSource(path: "")
    return switch self {
    case .files:
      .init(
        .named("extractors", .either(.text, .section(SourceKey.self))), absent: .required,
        "Path of each file, relative to the data folder, or a mapping where a file differs from "
          + "the rest of the dataset.")
    case .mapping:
      .init(
        .section(MappingKey.self), absent: .section, "HDF5 paths inside the files.")
    case .genderCodes:
      .init(.section(CodeKey.self), absent: .section, "Labels that the files use for gender.")
    case .unusableRows:
      .init(
        .words(of: EmbeddingSource.UnusableRows.self), absent: .yaml(usual.unusableRows.rawValue),
        "Rows that are not finite or zero: the file is refused, or they are left out with a "
          + "warning; a subject that loses all counts as failure to enrol.")
    case .normalise:
      .init(
        .boolean, absent: .yaml("\(usual.normalise)"), "L2-normalise each embedding on load.")
    case .dimension:
      .init(
        .integer(1...65_536), absent: .nothing("whatever the file holds"),
        "Expected dimension of the embeddings.")
    case .subset:
      .init(
        .section(SubsetKey.self), absent: .nothing("what the spec's subset says"),
        "A few people of the dataset instead of all.")
    }
  }
}

/// The keys of a file that differs from its dataset.
enum SourceKey: String, SpecKey {
  case path
  case mapping
  case genderCodes = "gender_codes"
  case unusableRows = "unusable_rows"
  case normalise, dimension, subset

  static let section = SectionDocumentation(
    "datasets.files", "One file; what is absent is as the dataset says.")

  /// The dataset's key of the same name; nil for the path.
  fileprivate var shared: DatasetKey? { DatasetKey(rawValue: rawValue) }

  var documentation: KeyDocumentation {
    guard let shared = shared?.documentation else {
      return .init(.text, absent: .required, "Path, relative to the data folder.")
    }
    return .init(shared.values, absent: .nothing("the dataset's"), shared.meaning)
  }
}

/// The keys of `mapping`.
enum MappingKey: String, SpecKey {
  case embeddings, identity, gender, filename, attributes

  static let section = SectionDocumentation(
    "datasets.mapping", "HDF5 paths inside a file; a path that is named must exist.")

  var documentation: KeyDocumentation {
    let usual = HDF5Mapping.usual
    return switch self {
    case .embeddings:
      .init(
        .text, absent: .nothing(usual.embeddings), "Embeddings, one row per sample.")
    case .identity:
      .init(.text, absent: .nothing(usual.identity), "Subject of each row.")
    case .gender:
      .init(
        .text, absent: .nothing("\(usual.gender), where the file has it"), "Gender of each row.")
    case .filename:
      .init(
        .text, absent: .nothing("\(usual.filename), where the file has it"), "Image of each row.")
    case .attributes:
      .init(
        .named("names of one's choice", .text),
        absent: .nothing(
          HDF5Mapping.usualAttributes.joined(separator: ", ") + ", where the file has them"),
        "Further labels, that `groups` and `attributes` can name.")
    }
  }
}

/// The keys of `gender_codes`: what a label can mean.
enum CodeKey: String, SpecKey {
  case male, female, unlabelled

  static let section = SectionDocumentation(
    "datasets.gender_codes",
    "Labels of the files by what they mean; a list replaces the usual codes of its key only. "
      + "Numbers are never guessed.")

  var documentation: KeyDocumentation {
    let usual =
      switch self {
      case .male: "M, male, man in any case"
      case .female: "F, female, woman in any case"
      case .unlabelled: "U, unknown, unlabelled, n/a, none in any case, and the empty text"
      }
    return .init(.list(.text), absent: .nothing(usual), "Labels that mean \(rawValue).")
  }
}

extension SpecReader {
  /// The datasets in file order, and where each file's path stands ("dataset/extractor").
  ///
  /// - Parameter subset: the people that are taken where a dataset says nothing.
  mutating func datasets(_ node: SpecNode?, subset: SubjectSubset?) -> (
    [DatasetSpec], [String: SourceLocation]
  ) {
    var datasets: [DatasetSpec] = []
    var places: [String: SourceLocation] = [:]
    for entry in named(node, "datasets", allowEmpty: false) {
      checkName(entry.name, "dataset name")
      let fields = fields(entry.value, entry.key, DatasetKey.self)
      var shared = EmbeddingSource(path: "", subset: subset)
      lay(fields, over: &shared)
      var sources: [String: EmbeddingSource] = [:]
      let files = required(fields, .files, in: "dataset '\(entry.key)'")
      for file in named(files, "files", allowEmpty: false) {
        checkName(file.name, "extractor name")
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
    lay(fields.renamed(\.shared), over: &source)
    return (source, path?.location ?? entry.value.location)
  }

  /// Lays what a dataset or one of its files says over what held before.
  private mutating func lay(_ fields: SpecFields<DatasetKey>, over source: inout EmbeddingSource) {
    source.mapping = mapping(fields[.mapping], over: source.mapping)
    source.genderCodes = genderCodes(fields[.genderCodes], over: source.genderCodes)
    source.normalise = boolean(fields, .normalise) ?? source.normalise
    source.unusableRows = choice(fields, .unusableRows) ?? source.unusableRows
    source.dimension = integer(fields, .dimension) ?? source.dimension
    source.subset = subset(fields[.subset]) ?? source.subset
  }

  private mutating func mapping(_ node: SpecNode?, over shared: HDF5Mapping) -> HDF5Mapping {
    let fields = fields(node, "mapping", MappingKey.self)
    var mapping = shared
    mapping.embeddings = text(fields, .embeddings) ?? mapping.embeddings
    mapping.identity = text(fields, .identity) ?? mapping.identity
    mapping.gender = text(fields, .gender) ?? mapping.gender
    mapping.filename = text(fields, .filename) ?? mapping.filename
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
