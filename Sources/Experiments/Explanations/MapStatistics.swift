// From explained trials to what the record says: shares of regions, likeness, deletion, each with intervals
// over draws of people.
import AttackReports
import Biometrics
import Configurations
import Explain
import Records

/// The numbers of one cell's record.
struct MapStatistics {
  private let explained: ExplainedTrials
  private let bootstrap: PeopleBootstrap
  private var trials: [MapTrial] { explained.people.trials }
  /// Height and width of the faces that maps are resampled to.
  private let height: Int
  private let width: Int

  init(_ explained: ExplainedTrials, bootstrap: PeopleBootstrap) {
    self.explained = explained
    self.bootstrap = bootstrap
    // Sixteen pixels a cell, as 112 of 7, where no face says otherwise.
    height = explained.maps.faces?.height ?? explained.maps.height * 16
    width = explained.maps.faces?.width ?? explained.maps.width * 16
  }

  /// Scores and alpha of each system.
  func scores() -> [MapScores] {
    ExplainedSystem.allCases.map { system in
      let found = explained.found[system]!
      func average(_ values: [Double]) -> Double? { values.isEmpty ? nil : mean(values) }
      func byRule<Value>(_ value: (Int) -> Value) -> [String: Value] {
        Dictionary(
          uniqueKeysWithValues: AlphaRule.allCases.enumerated().map { ($1.rawValue, value($0)) })
      }
      return MapScores(
        system: system.rawValue,
        meanMated: average(zip(found, trials).filter(\.1.isMated).map(\.0.score)),
        meanNonMated: average(zip(found, trials).filter { !$0.1.isMated }.map(\.0.score)),
        alphaOutside: byRule { rule in average(found.map { $0.alphaOutside[rule] }) ?? 0 },
        emptyMaps: byRule { rule in
          found.count { !$0.maps[rule].values.contains { $0 > 0 } }
        })
    }
  }

  /// Shares of the strongest tenth of the pixels; none where the file has no regions.
  func attention() -> [RegionAttention] {
    guard let faces = explained.maps.faces, !faces.regions.isEmpty else { return [] }
    func regions(of image: Int) -> ArraySlice<FaceRegion> {
      faces.regions[(image * faces.area)..<((image + 1) * faces.area)]
    }
    let uniform = (0..<explained.maps.count).map {
      RegionShares(of: 0..<faces.area, in: regions(of: $0))
    }
    func shares(_ system: ExplainedSystem, _ rule: AlphaRule) -> [RegionShares] {
      zip(explained.found[system]!, trials).map { found, trial in
        RegionShares(
          of: found.map(rule).resampled(height: height, width: width).strongest(0.1),
          in: regions(of: trial.image))
      }
    }
    let groups = [FaceRegion.central] + FaceRegion.allCases.map { [$0] }
    var result: [RegionAttention] = []
    for rule in AlphaRule.allCases {
      let all = Dictionary(
        uniqueKeysWithValues: ExplainedSystem.allCases.map { ($0, shares($0, rule)) })
      for system in ExplainedSystem.allCases {
        for isMated in [true, false] {
          let chosen = trials.indices.filter { trials[$0].isMated == isMated }
          if chosen.isEmpty { continue }
          let person = chosen.map { trials[$0].person }
          for group in groups {
            let own = chosen.map { all[system]![$0].share(of: group) }
            let random = chosen.map { uniform[trials[$0].image].share(of: group) }
            let other = chosen.map { all[.traditional]![$0].share(of: group) }
            result.append(
              RegionAttention(
                system: system.rawValue, rule: rule, isMated: isMated, regions: group,
                share: bootstrap.mean(own, of: person),
                uniform: mean(random),
                againstUniform: bootstrap.mean(zip(own, random).map(-), of: person),
                againstTraditional: system == .traditional
                  ? nil : bootstrap.mean(zip(own, other).map(-), of: person)))
          }
        }
      }
    }
    return result
  }

  /// Bhattacharyya coefficients of same and different people.
  func likeness() -> [LikenessOfMaps] {
    var result: [LikenessOfMaps] = []
    for rule in AlphaRule.allCases {
      for system in ExplainedSystem.allCases {
        for form in MapForm.allCases {
          let distributions = explained.found[system]!.map {
            MapDistribution($0.map(rule), form, height: height, width: width)
          }
          result += LikenessOfMaps.Pairing.allCases.filter { $0 != .otherImages }.map { pairing in
            likeness(
              distributions, trials.map(\.person), pairing, system, rule, form
            ) { i, j in
              let (a, b) = (trials[i], trials[j])
              return switch pairing {
              case .own: a.isMated && b.isMated
              case .oneReference: a.reference == b.reference && a.image != b.image
              default: a.reference != b.reference && a.image != b.image
              }
            }
          }
        }
      }
      for form in MapForm.allCases {
        let images = explained.otherImages.indices.filter { explained.otherImages[$0] != nil }
        let distributions = images.map {
          MapDistribution(
            explained.otherImages[$0]!.map(rule), form, height: height, width: width)
        }
        result.append(
          likeness(
            distributions, images.map { explained.people.personOfImage[$0] }, .otherImages,
            .traditional, rule, form
          ) { _, _ in true })
      }
    }
    return result
  }

  private func likeness(
    _ maps: [MapDistribution], _ person: [Int], _ pairing: LikenessOfMaps.Pairing,
    _ system: ExplainedSystem, _ rule: AlphaRule, _ form: MapForm, counts: (Int, Int) -> Bool
  ) -> LikenessOfMaps {
    let found = MapLikeness(maps, person: person, bootstrap: bootstrap, counts: counts)
    return LikenessOfMaps(
      system: system.rawValue, rule: rule, form: form.rawValue, pairing: pairing, same: found.same,
      different: found.different, difference: found.difference, samePairs: found.samePairs,
      differentPairs: found.differentPairs)
  }

  /// Falls of the score of mated trials when cells of the maps are deleted.
  func deletion() -> [ScoreDrop] { falls(explained.drops) }

  /// The same when pixels of the faces are greyed.
  func deletion(_ greyed: GreyedTrials) -> [ScoreDrop] { falls(greyed.drops) }

  private func falls(
    _ all: [ExplainedSystem: [ExplainedTrials.DeletionKey: [Double]]]
  ) -> [ScoreDrop] {
    let person = trials.filter(\.isMated).map(\.person)
    return ExplainedSystem.allCases.flatMap { system in
      let drops = all[system]!
      return Set(drops.keys.map(\.side)).sorted().flatMap { side in
        DeletedCells.allCases.compactMap { cells -> ScoreDrop? in
          guard let own = drops[.init(cells: cells, side: side)],
            let strongest = drops[.init(cells: .strongest, side: side)],
            !own.contains(where: \.isNaN)
          else { return nil }
          return ScoreDrop(
            system: system.rawValue, cells: cells.rawValue, count: side * side,
            drop: bootstrap.mean(own, of: person),
            strongestMinusThis: cells == .strongest
              ? nil : bootstrap.mean(zip(strongest, own).map(-), of: person))
        }
      }
    }
  }

  /// Lines of the contact sheet: the first people of each gender in turn.
  func examples(_ count: Int) -> [MapExample] {
    let people = explained.people
    var order: [Int] = []
    var queues = [Gender.female, .male, .unlabelled].map { gender in
      people.genders.indices.filter { people.genders[$0] == gender }
    }
    while order.count < people.count {
      for q in queues.indices where !queues[q].isEmpty { order.append(queues[q].removeFirst()) }
    }
    let examples = order.compactMap { person -> MapExample? in
      let own = trials.indices.filter { trials[$0].reference == person }
      guard let mated = own.first(where: { trials[$0].isMated }),
        let other = own.first(where: { !trials[$0].isMated })
      else { return nil }
      return MapExample(
        label: people.genders[person].name, faceShape: [height, width],
        mated: picture(mated), nonMated: picture(other))
    }
    return examples.prefix(count).enumerated().map { i, example in
      var example = example
      example.label = "person \(i + 1), \(example.label)"
      return example
    }
  }

  private func picture(_ trial: Int) -> MapPicture {
    func map(_ system: ExplainedSystem) -> [Double] {
      explained.found[system]![trial].map(.library).scaledToUnit().values
    }
    let image = trials[trial].image
    return MapPicture(
      face: explained.maps.faces.map {
        Array($0.pixels[(image * $0.area * 3)..<((image + 1) * $0.area * 3)])
      } ?? [],
      mote: map(.mote), traditional: map(.traditional),
      logit: explained.found[.mote]![trial].score,
      cosine: explained.found[.traditional]![trial].score)
  }
}
