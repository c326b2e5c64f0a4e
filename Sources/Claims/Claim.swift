// The claims of the paper as questions that records answer (definitions 12). They are data:
// experiments/published/claims.yaml.
import Results

/// One claim: what is measured, where, and the region in which its value must lie.
package struct Claim: Sendable, Hashable {
  /// Who drew the border of the region.
  package enum Margin: String, Sendable, Hashable, CaseIterable {
    case paper
    case ours
  }

  /// What an interval leaves out.
  package enum Sides: String, Sendable, Hashable, CaseIterable {
    /// 2.5 % on either side.
    case two
    /// 5 % on the side that is looked at: bounds of one-sided tests in both directions.
    case one
  }

  /// Short name, "R1".
  package var id: String
  /// The claim in our own words, without full stop.
  package var sentence: String
  /// Section of the paper, "5.1"; empty where another paper makes the claim.
  package var place: String
  package var statistic: ClaimStatistic
  package var region: ClaimRegion
  /// Level of the intervals: that of the records, 0.95.
  package var level: Double
  package var sides: Sides
  package var margin: Margin
  /// Whose values are looked at, by the paper's name: "mote", "traditional", "pe-miu", "pfrnet".
  package var systems: [String]
  /// Balancing factors that the claim is about; empty: the statistic has none.
  package var factors: [Double]
  /// Of several factors those that are said to be best; empty: the statistic has none.
  package var bestFactors: [Double]
  /// A second border that must hold as well, of the FNMR difference; nil: there is none.
  package var largestFNMRDifference: Double?
  /// Datasets and extractors of the paper that the claim is made for.
  package var datasets: [String]
  package var extractors: [String]
  /// Datasets of the paper that the claim says nothing of.
  package var otherDatasets: [String]

  package init(
    id: String, sentence: String, place: String, statistic: ClaimStatistic, region: ClaimRegion,
    level: Double = 0.95, sides: Sides = .two, margin: Margin = .paper,
    systems: [String] = ["mote"], factors: [Double] = [], bestFactors: [Double] = [],
    largestFNMRDifference: Double? = nil, datasets: [String] = [], extractors: [String] = [],
    otherDatasets: [String] = []
  ) {
    self.id = id
    self.sentence = sentence
    self.place = place
    self.statistic = statistic
    self.region = region
    self.level = level
    self.sides = sides
    self.margin = margin
    self.systems = systems
    self.factors = factors
    self.bestFactors = bestFactors
    self.largestFNMRDifference = largestFNMRDifference
    self.datasets = datasets
    self.extractors = extractors
    self.otherDatasets = otherDatasets
  }

  /// Cells of the paper that the claim is made for.
  package var cells: [Place] {
    datasets.flatMap { dataset in extractors.map { Place(dataset: dataset, extractor: $0) } }
  }

  /// Whether the claim is asked at a place: wherever there are records, but for datasets of the paper
  /// that it says nothing of.
  package func isAsked(at place: Place) -> Bool {
    !otherDatasets.contains { comparable($0) == comparable(place.dataset) }
  }
}
