import Configurations

/// The keys of `kde`.
enum KDEKey: String, SpecKey {
  case bandwidth, kernel, samples
  case keepSingleImage = "keep_single_image"
  case shrinkage
  case searchRows = "search_rows"
  case validationSource = "validation_source"

  static let section = SectionDocumentation(
    "kde",
    "The intra-subject densities that synthetic mated samples are drawn from, laid over every "
      + "preset that runs; under `configurations` over that configuration alone.")

  var documentation: KeyDocumentation {
    switch self {
    case .bandwidth:
      .init(
        .either(
          .words([KDEConfiguration.BandwidthRule.residuals.rawValue]),
          .either(BandwidthKey.male.documentation.values, .section(BandwidthKey.self))),
        absent: .yaml("search"),
        "Bandwidth of both genders' densities, or of each one's; residuals: the standard deviation of "
          + "a residual's component.", definition: "5")
    case .kernel:
      .init(
        .words(of: KDEConfiguration.Kernel.self),
        absent: .preset { $0.kde.kernel.rawValue },
        "Shape of the densities' kernel: isotropic, or the residuals' covariance, shrunk; its "
          + "bandwidths are in units of that.", definition: "5")
    case .samples:
      .init(
        .words(of: KDEConfiguration.Samples.self),
        absent: .preset { $0.kde.samples.rawValue },
        "Length of the synthetic samples: as they are drawn, longer than real embeddings, or brought to "
          + "that of real ones, 1 where these are L2-normalised.", definition: "5")
    case .keepSingleImage:
      .init(
        .boolean, absent: .preset { "\($0.kde.keepSingleImage)" },
        "Keep subjects with one sample, whose residual is exactly 0.", definition: "5")
    case .shrinkage:
      .init(
        .boolean, absent: .preset { "\($0.kde.shrinkage)" },
        "Scale the residuals of a subject of m samples by sqrt(m / (m - 1)).", definition: "5")
    case .searchRows:
      .init(
        .either(.words(["all"]), .integer(2...Int.max)),
        absent: .preset { $0.kde.searchRows.map(String.init) ?? "all" },
        "Most rows that the bandwidth search sees, evenly spaced.", definition: "5")
    case .validationSource:
      .init(
        .words(of: KDEConfiguration.ValidationSource.self),
        absent: .preset { $0.kde.validationSource.rawValue },
        "Whose residuals the validation samples are drawn from: the cohort's, as in training, or "
          + "the development rows', as the official code does.", definition: "5")
    }
  }
}

/// The keys of `kde.bandwidth`: genders.
enum BandwidthKey: String, SpecKey {
  case male, female

  static let section = SectionDocumentation("kde.bandwidth", "Bandwidths by gender.")

  var documentation: KeyDocumentation {
    .init(
      .number(NumberRule(text: "'search' or a bandwidth above 0", accepts: { $0 > 0 })),
      absent: .yaml("search"),
      "Bandwidth of the \(rawValue) density; search: found by exact cross-validation.",
      definition: "5")
  }
}

extension SpecReader {
  /// Lays the given KDE options over a configuration's.
  mutating func kde(_ node: SpecNode?, onto kde: inout KDEConfiguration) {
    let fields = fields(node, "kde", KDEKey.self)
    if let node = fields[.bandwidth] {
      kde.bandwidthRule =
        isWord(node, KDEConfiguration.BandwidthRule.residuals.rawValue) ? .residuals : .search
      if kde.bandwidthRule == .residuals {
        kde.bandwidths = [:]
      } else if node.entries != nil {
        let genders = self.fields(node, "bandwidth", BandwidthKey.self)
        for gender in BandwidthKey.allCases {
          guard let given = genders[gender] else { continue }
          kde.bandwidths[gender.rawValue] = bandwidth(given, gender.rawValue)
        }
      } else {
        let common = bandwidth(node, "bandwidth")
        for gender in BandwidthKey.allCases { kde.bandwidths[gender.rawValue] = common }
      }
    }
    kde.kernel = choice(fields, .kernel) ?? kde.kernel
    kde.samples = choice(fields, .samples) ?? kde.samples
    kde.keepSingleImage = boolean(fields, .keepSingleImage) ?? kde.keepSingleImage
    kde.shrinkage = boolean(fields, .shrinkage) ?? kde.shrinkage
    if fields[.searchRows] != nil {
      kde.searchRows = isWord(fields[.searchRows], "all") ? nil : integer(fields, .searchRows)
    }
    kde.validationSource = choice(fields, .validationSource) ?? kde.validationSource
  }

  /// A fixed bandwidth, or nil for `search`.
  private mutating func bandwidth(_ node: SpecNode, _ name: String) -> Double? {
    if isWord(node, "search") { return nil }
    return number(node, name, BandwidthKey.male.documentation.values.numbers)
  }
}
