import Biometrics
import Configurations
import Foundation
import Records
import Reports
import Specs
import TestSupport
import Testing

/// Heat maps in round numbers that nobody measured.
func fakeMaps(isSynthetic: Bool = false) -> MapRecord {
  func estimate(_ value: Double) -> MeanOverPeople {
    MeanOverPeople(
      value: value, interval: (value - 0.02)...(value + 0.03), method: "percentile")
  }
  let systems = ["mote", "traditional"]
  var provenance = Provenance()
  provenance.experiment = "fake"
  provenance.machine = "fake machine, 2 cores"
  func picture(_ shift: Double) -> MapPicture {
    MapPicture(
      face: (0..<(4 * 4 * 3)).map { UInt8(($0 * 5) % 256) }, mote: [0, 0.25, 0.5, 1],
      traditional: [1, 0.5, 0.25, 0], logit: 3 + shift, cosine: 0.5 + shift / 10)
  }
  return MapRecord(
    key: Cell(
      dataset: "LFW", extractor: "ArcFace", system: "mote", preset: "paper", balancingFactor: 0.5),
    inputHash: "00ff", mapsHash: "11ee", isSynthetic: isSynthetic, tail: "depthwise",
    shape: [3, 2, 2], deviation: 2e-4, tolerance: 3e-4, people: 40, images: 120, matedTrials: 80,
    nonMatedTrials: 120, replicates: 1000,
    scores: systems.map {
      MapScores(
        system: $0, meanMated: $0 == "mote" ? 4 : 0.6, meanNonMated: $0 == "mote" ? -8 : 0.1,
        alphaOutside: ["library": 0.0123, "paper": 0.25], emptyMaps: ["library": 0, "paper": 1])
    },
    attention: AlphaRule.allCases.flatMap { rule in
      systems.map { system in
        RegionAttention(
          system: system, rule: rule, isMated: true, regions: FaceRegion.central,
          share: estimate(0.3), uniform: 0.1, againstUniform: estimate(0.2),
          againstTraditional: system == "mote" ? estimate(-0.01) : nil)
      }
    },
    likeness: [
      LikenessOfMaps(
        system: "mote", rule: .library, form: "top 10 %", pairing: .own, same: estimate(0.41),
        different: estimate(0.35), difference: estimate(0.06), samePairs: 40,
        differentPairs: 3120),
      LikenessOfMaps(
        system: "mote", rule: .library, form: "top 10 %", pairing: .twoReferences, same: nil,
        different: estimate(0.35), difference: nil, samePairs: 0, differentPairs: 3120),
    ],
    deletion: systems.flatMap { system in
      [
        ScoreDrop(
          system: system, cells: "most relevant", count: 4, drop: estimate(0.3),
          strongestMinusThis: nil),
        ScoreDrop(
          system: system, cells: "square on the nose", count: 4, drop: estimate(0.4),
          strongestMinusThis: estimate(-0.1)),
      ]
    },
    pixelDeletion: PixelDeletion(
      facesHash: "22dd", model: "fake", draws: 10, deviation: 3e-6, tolerance: 1e-4,
      drops: systems.flatMap { system in
        [
          ScoreDrop(
            system: system, cells: "most relevant", count: 121, drop: estimate(0.2),
            strongestMinusThis: nil),
          ScoreDrop(
            system: system, cells: "square on the nose", count: 121, drop: estimate(0.5),
            strongestMinusThis: estimate(-0.3)),
        ]
      }),
    examples: ["person 1, female", "person 2, male"].map {
      MapExample(label: $0, faceShape: [4, 4], mated: picture(0), nonMated: picture(-4))
    }, provenance: provenance)
}

@Suite struct Figure4Tests {
  @Test func everyFormatOfTheTables() throws {
    try expectFormats(figure4Tables([fakeMaps()]))
  }

  @Test func recordsWithoutOccludedFacesHaveNoTableOfPixels() throws {
    var record = fakeMaps()
    #expect(figure4Tables([record]).tables.map(\.name).contains("figure4-pixels"))
    record.pixelDeletion = nil
    let document = figure4Tables([record])
    #expect(
      document.tables.map(\.name)
        == ["attention", "likeness", "deletion", "alpha"].map { "figure4-\($0)" })
    #expect(!CSVWriter.text(document).contains("pixels"))
  }

  @Test func contactSheetOfTwoPeople() throws {
    let sheets = contactSheets([fakeMaps(isSynthetic: true)])
    #expect(sheets.count == 1)
    try expectSnapshot(SVGContactSheet.text(sheets[0], output: "figure4"), "figure4.svg")
  }

  @Test func whatIsSyntheticIsNamedInEveryPart() {
    let document = figure4Tables([fakeMaps(isSynthetic: true)])
    #expect(MarkdownWriter.text(document).contains("SYNTHETIC"))
    #expect(TableMetadata(document).text.contains("\"synthetic\" : true"))
    let sheet = contactSheets([fakeMaps(isSynthetic: true)])[0]
    #expect(SVGContactSheet.text(sheet, output: "figure4").contains("SYNTHETIC · Figure 4"))
  }

  @Test func recordsKeepFacesAndMapsBitByBit() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("maps.json").path
    try RecordFolder.write(fakeMaps(), to: path)
    let read: MapRecord = try RecordFolder.read(path)
    #expect(read.examples == fakeMaps().examples)
    #expect(read.attention == fakeMaps().attention && read.likeness == fakeMaps().likeness)
  }
}

@Suite struct PictureTests {
  @Test func coloursRiseEvenlyInLightnessSoThatGreyPrintersKeepThem() {
    let greys = (0...100).map { ColourScale.grey(ColourScale.colour(Double($0) / 100)) }
    for (a, b) in zip(greys, greys.dropFirst()) { #expect(b > a) }
    #expect(greys[0] < 35 && greys[100] > 210)
    // No step is more than three times the mean one.
    let steps = zip(greys, greys.dropFirst()).map { $1 - $0 }
    #expect(steps.max()! < 3 * (greys[100] - greys[0]) / 100)
  }

  /// Machado, Oliveira and Fernandes 2009, severity 1: what is seen of linear RGB, rows R, G, B.
  private static let deficiencies: [(String, [SIMD3<Double>])] = [
    ("none", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "protanopia",
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    ),
    (
      "deuteranopia",
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    ),
    (
      "tritanopia",
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
      ]
    ),
  ]

  /// CIE L*, a*, b* (D65) of an sRGB colour as somebody with a deficiency sees it.
  private static func seen(_ colour: SIMD3<Double>, _ matrix: [SIMD3<Double>]) -> SIMD3<Double> {
    func linear(_ value: Double) -> Double {
      let c = value / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    func product(_ rows: [SIMD3<Double>], _ x: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3((rows[0] * x).sum(), (rows[1] * x).sum(), (rows[2] * x).sum())
    }
    let rgb = product(matrix, SIMD3(linear(colour.x), linear(colour.y), linear(colour.z)))
      .clamped(lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 1))
    let xyz = product(
      [
        [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
      ], rgb)
    func f(_ t: Double) -> Double { t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116 }
    let (x, y, z) = (f(xyz.x / 0.95047), f(xyz.y), f(xyz.z / 1.08883))
    return SIMD3(116 * y - 16, 500 * (x - y), 200 * (y - z))
  }

  @Test func everyDeficiencyOfColourVisionKeepsLightnessRisingAndStepsApart() {
    for (name, matrix) in Self.deficiencies {
      // A tenth of the scale is what a reader tells apart; in between lightness still rises.
      let fine = (0...100).map { Self.seen(ColourScale.colour(Double($0) / 100), matrix) }
      for (k, (a, b)) in zip(fine, fine.dropFirst()).enumerated() {
        #expect(b.x > a.x, "\(name): step \(k), lightness \(a.x) to \(b.x)")
      }
      let tenths = (0...10).map { fine[10 * $0] }
      for (k, (a, b)) in zip(tenths, tenths.dropFirst()).enumerated() {
        // CIE76; 2.3 is just noticeable (Mahy, Van Eycken, Oosterlinck 1994).
        let difference = ((b - a) * (b - a)).sum().squareRoot()
        #expect(difference > 2 * 2.3, "\(name): tenth \(k), difference \(difference)")
        #expect(b.x - a.x > 2.3, "\(name): tenth \(k), lightness \(b.x - a.x)")
      }
      #expect(fine[100].x - fine[0].x > 70, "\(name)")
    }
  }

  @Test func aScaleOfHuesAloneWouldFailTheSameTest() {
    // Red to green of one lightness: what a deuteranope cannot tell apart.
    let matrix = Self.deficiencies[2].1
    let (red, green) = (SIMD3<Double>(200, 60, 40), SIMD3<Double>(110, 115, 30))
    let plain = Self.seen(red, Self.deficiencies[0].1) - Self.seen(green, Self.deficiencies[0].1)
    let found = Self.seen(red, matrix) - Self.seen(green, matrix)
    #expect((plain * plain).sum() > 4 * (found * found).sum())
  }

  @Test func pngOfOnePixelIsTheKnownFile() {
    let bytes = PNGImage.bytes(Picture(height: 1, width: 1, pixels: [255, 0, 0]))
    // Header, size, a stored block of the four bytes 00 ff 00 00 with its Adler-32, end.
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(bytes.suffix(12) == [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
    let stream: [UInt8] = [
      0x78, 0x01, 0x01, 4, 0, 0xFB, 0xFF, 0, 255, 0, 0, 0x03, 0x01, 0x01, 0x00,
    ]
    #expect(bytes.count == 8 + 25 + 12 + stream.count + 12)
    #expect(Array(bytes[41..<56]) == stream)
    // Adler-32 of the four bytes: a = 1 + 255 = 256; b = 1 + 256 + 256 + 256 = 769.
  }

  @Test func mapsAreEnlargedWithHalfPixelCentres() {
    let picture = Picture(map: [0, 1], rows: 1, columns: 2, height: 1, width: 4)
    func colour(_ value: Double) -> [UInt8] {
      let c = ColourScale.colour(value)
      return [UInt8(c.x.rounded()), UInt8(c.y.rounded()), UInt8(c.z.rounded())]
    }
    #expect(picture.pixels == colour(0) + colour(0.25) + colour(0.75) + colour(1))
  }
}
