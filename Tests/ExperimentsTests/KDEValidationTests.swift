import Configurations
import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Densities of synthetic datasets beside people whom they have not seen.
@Suite struct KDEValidationTests {
  private struct Setting {
    let folder: URL

    init() throws {
      folder = try temporaryFolder("mote-kde")
      var data = SyntheticDataset(name: "planted", subjects: 200, rows: 1200, seed: 3)
      data.dimension = 24
      data.identityDimensions = 16
      data.matedCosine = 0.7
      data.imageCountSpread = 0
      try data.write(to: folder.appendingPathComponent("planted.h5").path)
    }

    func load(_ lines: String) throws -> ExperimentSpec {
      let text = """
        name: run
        title: Planted
        outputs: [kde]
        extractors: [E]
        datasets: {D: {files: {E: planted.h5}}}
        evaluate: [D]
        partition: {within: {cohort: 0.5, development: 0.1, evaluation: 0.4}}
        training: {epochs: 2, hidden_widths: [4], batch_size: 32}
        bootstrap: {replicates: 100}
        operating_points: [0.05]
        seed: 1

        """
      let path = folder.appendingPathComponent("run.yaml")
      try Data((text + lines).utf8).write(to: path)
      return try ExperimentSpec.load(path.path, dataFolder: folder.path, environment: [:])
    }

    /// Lines that are reported, and the records.
    func compare(
      _ lines: String, in name: String = "results", workers: Int = 2
    ) throws -> (lines: [String], records: [KDERecord]) {
      var reported: [String] = []
      let results = folder.appendingPathComponent(name).path
      try KDEValidation(
        load(lines), results: results, workers: workers, interruption: Interruption()
      ) { reported.append($0) }.run()
      let store = ResultStore(results: results, experiment: "run")
      return (reported, try RecordFolder<KDERecord>(store.kdeFolder).records())
    }
  }

  @Test func expectedSquaredNormsAreMet() throws {
    let (_, records) = try Setting().compare("presets: [paper]")
    let record = try #require(records.first)
    #expect(records.count == 1 && record.isSynthetic)
    #expect(record.genders.map(\.gender) == [.male, .female])
    for gender in record.genders {
      #expect(gender.omission == nil)
      let density = try #require(gender.density)
      let own = try #require(gender.comparisons.first { $0.kind == .synthetic })
      let control = try #require(gender.comparisons.first { $0.kind == .syntheticAtS })
      #expect(own.people == gender.people && own.pairs > own.people)
      for (found, expected) in [
        (own.realSquare, density.expectedReal), (own.otherSquare, density.expectedSynthetic),
        (control.otherSquare, density.expectedReal),
      ] {
        let ratio = try #require(found).value / expected
        #expect(abs(ratio - 1) < 0.1, "\(gender.gender): \(ratio)")
      }
      let real = try #require(gender.comparisons.first { $0.kind == .realOtherReference })
      #expect(real.kolmogorovSmirnov!.p! > 0.01)
      #expect(gender.axes.real.count == 24 && gender.scatter.first?.real.first?.count == 2)
    }
  }

  @Test func workersChangeNothing() throws {
    let setting = try Setting()
    func bytes(_ name: String, _ workers: Int) throws -> Data {
      let (_, records) = try setting.compare("presets: [paper]", in: name, workers: workers)
      return canonicalJSON(records.map(\.genders))
    }
    #expect(try bytes("one", 1) == bytes("three", 3))
  }

  @Test func configurationsOfOneDensityShareARecord() throws {
    let lines = """
      presets: [paper]
      configurations:
        wide: {preset: paper, training: {hidden_widths: [8]}}
        fixed: {preset: paper, kde: {bandwidth: 0.1}}

      """
    let setting = try Setting()
    let (_, records) = try setting.compare(
      lines.replacing("[paper]", with: "[paper, wide, fixed]"))
    #expect(
      records.map(\.configurations).sorted { $0.count < $1.count } == [
        ["fixed"], ["paper", "wide"],
      ])
    let fixed = try #require(records.first { $0.configurations == ["fixed"] })
    #expect(fixed.genders.allSatisfy { $0.density?.bandwidth == 0.1 })
    #expect(fixed.genders.allSatisfy { $0.density?.candidates.count == 40 })
  }

  @Test func aRecordIsMadeOnceAndAgainForOtherInputs() throws {
    let setting = try Setting()
    _ = try setting.compare("presets: [paper]")
    let again = try setting.compare("presets: [paper]\nrepeats: 2")
    #expect(again.lines == ["D E paper 0.5: densities compared before"])
    let other = try setting.compare("presets: [paper]\nkde: {shrinkage: true}")
    #expect(
      other.lines == [
        "record set aside: kde/D_E_mote_paper_f0.5_r0.json: of other inputs",
        "D E paper 0.5: densities of paper",
      ])
  }

  @Test func tooFewPeopleAreSaid() throws {
    let setting = try Setting()
    let (_, records) = try setting.compare(
      "presets: [paper]\nlimits: {evaluation_subjects: 8}")
    let omissions = records.flatMap(\.genders).compactMap(\.omission)
    #expect(omissions.count == 2)
    #expect(
      omissions.allSatisfy {
        $0.hasSuffix(
          "people with two images or more whom the density has not seen, expected 10")
      }, "\(omissions)")
  }

  @Test func aRunWithTheOutputComparesToo() throws {
    let setting = try Setting()
    let spec = try setting.load("presets: [paper]\nlimits: {evaluation_subjects: 40}")
    let results = setting.folder.appendingPathComponent("run-results").path
    let summary = try Runner(
      spec, options: RunOptions(results: results, workers: 2), interruption: Interruption(),
      report: { _ in }
    ).run()
    #expect(summary.failed.isEmpty)
    let store = ResultStore(results: results, experiment: "run")
    #expect(try RecordFolder<KDERecord>(store.kdeFolder).records().count == 1)
  }
}
