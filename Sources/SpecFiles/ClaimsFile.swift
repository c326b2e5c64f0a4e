// The paper's claims from YAML (experiments/published/claims.yaml).
import Claims
import Files
import Foundation
import Specs

/// Keys of a claim.
private enum ClaimKey: String, CaseIterable {
  case id, sentence, place, statistic, region, level, sides, margin, systems, factors, best
  case datasets, extractors
  case largestFNMRDifference = "largest_fnmr_difference"
}

/// Keys of the file.
private enum ClaimsFileKey: String, CaseIterable {
  case datasets, extractors, claims
}

/// Keys of a region.
private enum RegionKey: String, CaseIterable {
  case below, above, within, of, beside
}

extension Claim {
  /// Reads and checks a file of claims.
  ///
  /// - Throws: `SpecError` with every problem and its place: unknown keys, statistics and regions, an id
  ///   that is given twice, a region or keys that do not fit the statistic.
  package static func load(_ path: String) throws(SpecError) -> [Claim] {
    let bytes: Data
    do {
      bytes = try RegularFile.read(path)
    } catch {
      throw SpecError(problems: [
        SpecProblem(at: SourceLocation(file: path), "cannot be read: \(error.reason)")
      ])
    }
    let (root, problems) = SpecDocument.read(bytes, file: path)
    var file = ClaimsFile()
    let claims = root.map { file.claims($0) } ?? []
    let all = problems + file.reader.problems
    guard all.isEmpty else {
      throw SpecError(
        problems: all.sorted {
          ($0.location.line, $0.location.column) < ($1.location.line, $1.location.column)
        })
    }
    return claims
  }
}

/// Gives meaning to the nodes of a file of claims.
private struct ClaimsFile {
  var reader = SpecReader()
  private var datasets: [String] = []
  private var extractors: [String] = []

  init() {}

  mutating func claims(_ root: SpecNode) -> [Claim] {
    let fields = reader.values(root, "the file of claims", ClaimsFileKey.self) ?? [:]
    datasets = names(fields[.datasets], "datasets")
    extractors = names(fields[.extractors], "extractors")
    guard let list = fields[.claims] else {
      reader.report(root.location, "the file has no key 'claims'")
      return []
    }
    var places: [String: SourceLocation] = [:]
    var claims: [Claim] = []
    for node in reader.list(list, "claims") {
      guard let (claim, place) = claim(node) else { continue }
      if let first = places[claim.id] {
        reader.report(
          place, "id '\(shortened(claim.id))' is given twice, first on line \(first.line)")
      } else {
        places[claim.id] = place
        claims.append(claim)
      }
    }
    return claims
  }

  /// A claim and where its id stands; nil (and problems) where it has no id.
  private mutating func claim(_ node: SpecNode) -> (Claim, SourceLocation)? {
    let before = reader.problems.count
    let fields = reader.values(node, "a claim", ClaimKey.self) ?? [:]
    for key in [ClaimKey.id, .sentence, .place, .statistic, .region, .margin]
    where fields[key] == nil && node.entries != nil {
      reader.report(node.location, "a claim has no key '\(key.rawValue)'")
    }
    let id = reader.text(fields[.id], "id")
    let sentence = reader.text(fields[.sentence], "sentence")
    let place = reader.text(fields[.place], "place")
    let statistic = reader.choice(fields[.statistic], "statistic", of: ClaimStatistic.self)
    let region = fields[.region].flatMap { self.region($0) }
    let margin = reader.choice(fields[.margin], "margin", of: Claim.Margin.self)
    let sides = reader.choice(fields[.sides], "sides", of: Claim.Sides.self)
    let level = reader.number(
      fields[.level], "level",
      NumberRule(text: "0.95, the level of the intervals in records") { $0 == 0.95 })
    let systems = names(fields[.systems], "systems")
    let factors = numbers(fields[.factors], "factors")
    let best = numbers(fields[.best], "best")
    let own = names(fields[.datasets], "datasets")
    let ownExtractors = names(fields[.extractors], "extractors")
    let border = reader.number(
      fields[.largestFNMRDifference], ClaimKey.largestFNMRDifference.rawValue, .fraction)
    if let statistic {
      check(
        statistic, node, fields, region: region, sides: sides, factors: factors, best: best)
    }
    guard reader.problems.count == before, let id, let sentence, let place, let statistic,
      let region, let margin
    else {
      return id.map {
        (
          Claim(
            id: $0, sentence: "", place: "", statistic: .fnmrDifference, region: .above(0)),
          fields[.id]!.location
        )
      }
    }
    let claim = Claim(
      id: id, sentence: sentence, place: place, statistic: statistic, region: region,
      level: level ?? 0.95, sides: sides ?? .two, margin: margin,
      systems: systems.isEmpty ? ["mote"] : systems, factors: factors, bestFactors: best,
      largestFNMRDifference: border, datasets: own.isEmpty ? datasets : own,
      extractors: ownExtractors.isEmpty ? extractors : ownExtractors,
      otherDatasets: own.isEmpty ? [] : datasets.filter { !own.contains($0) })
    return (claim, fields[.id]!.location)
  }

  /// What does not fit the statistic.
  private mutating func check(
    _ statistic: ClaimStatistic, _ node: SpecNode, _ fields: [ClaimKey: SpecNode],
    region: ClaimRegion?, sides: Claim.Sides?, factors: [Double], best: [Double]
  ) {
    let name = "statistic '\(statistic.rawValue)'"
    if sides == .one, !statistic.hasOneSidedBounds {
      reader.report(fields[.sides]!.location, "\(name) has two-sided intervals only")
    }
    if statistic.hasFactors {
      if factors.count < 2 {
        reader.report(
          fields[.factors]?.location ?? node.location,
          "\(name) needs 'factors', at least two balancing factors")
      }
    } else if let node = fields[.factors] {
      reader.report(node.location, "\(name) has no 'factors'")
    }
    if statistic == .bestBalance {
      if best.isEmpty || !best.allSatisfy(factors.contains) || best.count == factors.count {
        reader.report(
          fields[.best]?.location ?? node.location, "\(name) needs 'best', some of its 'factors'")
      }
    } else if let node = fields[.best] {
      reader.report(node.location, "\(name) has no 'best'")
    }
    if statistic != .perSubjectGap, let node = fields[.largestFNMRDifference] {
      reader.report(node.location, "\(name) has no 'largest_fnmr_difference'")
    }
    guard let region, let place = fields[.region]?.location else { return }
    if case .beside = region, !statistic.isComparison {
      reader.report(place, "\(name) needs a region: below, above or within")
    } else if statistic.isComparison, !region.isBeside {
      reader.report(place, "\(name) is a comparison; write {beside: the paper's figure}")
    }
    if region == .belowPublishedGap, statistic != .fnmrDifference {
      reader.report(place, "the paper prints a gap of 'fnmr-difference' alone")
    }
  }

  /// {below: 0.01}, {above: 0}, {within: 0.02, of: 0.5}, {beside: 7.6}, {below: published-gap}.
  private mutating func region(_ node: SpecNode) -> ClaimRegion? {
    let fields = reader.values(node, "region", RegionKey.self) ?? [:]
    func isAlone(_ key: RegionKey) -> Bool { fields.count == 1 && fields[key] != nil }
    if isAlone(.below), reader.isWord(fields[.below], "published-gap") { return .belowPublishedGap }
    let any = NumberRule(text: "a number") { _ in true }
    func number(_ key: RegionKey, _ rule: NumberRule) -> Double? {
      reader.number(fields[key], key.rawValue, rule)
    }
    if isAlone(.below) { return number(.below, any).map(ClaimRegion.below) }
    if isAlone(.above) { return number(.above, any).map(ClaimRegion.above) }
    if isAlone(.beside) { return reader.text(fields[.beside], "beside").map(ClaimRegion.beside) }
    if fields.count == 2, fields[.within] != nil, fields[.of] != nil {
      let distance = number(.within, .positive)
      let centre = number(.of, any)
      return distance.flatMap { distance in centre.map { .within(distance, of: $0) } }
    }
    if node.entries != nil {
      reader.report(
        node.location,
        "a region is one of {below: x}, {above: x}, {within: distance, of: centre}, {beside: x}, "
          + "{below: published-gap}")
    }
    return nil
  }

  private mutating func names(_ node: SpecNode?, _ name: String) -> [String] {
    reader.texts(node, name).map(\.name)
  }

  private mutating func numbers(_ node: SpecNode?, _ name: String) -> [Double] {
    guard let node else { return [] }
    var found: [Double] = []
    for item in reader.list(node, name) {
      guard let value = reader.number(item, name, .fraction) else { continue }
      if found.contains(value) {
        reader.report(item.location, "\(value) is listed twice in '\(name)'")
      }
      found.append(value)
    }
    return found
  }
}

extension ClaimRegion {
  fileprivate var isBeside: Bool { if case .beside = self { true } else { false } }
}
