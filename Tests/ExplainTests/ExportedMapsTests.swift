import Configurations
import Datasets
import Explain
import Foundation
import HDF5
import Kernels
import TestSupport
import Testing

@Suite struct ExportedMapsTests {
  /// What reading a file says.
  private func error(_ maps: MadeUpMaps) throws -> String {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try maps.write(in: folder)
    do {
      _ = try ExportedMaps(path: path)
      return "no error"
    } catch {
      return "\(error)".replacing(path, with: "FILE")
    }
  }

  @Test(arguments: [false, true]) func mapsAreReadAsTheyWereWritten(half: Bool) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var made = MadeUpMaps()
    made.half = half
    let maps = try ExportedMaps(path: try made.write(in: folder))
    #expect(maps.count == 4 && maps.tail.name == "depthwise" && maps.dimension == 5)
    #expect(try maps.maps(2) == made.maps(2))
    #expect(maps.identities == ["a", "a", "b", "b"])
    #expect(maps.deviation < 1e-6)
    // float16 allows more: 2^-11 against 2^-24.
    #expect(half ? maps.tolerance > 2e-4 : maps.tolerance < 1.01e-4)
  }

  @Test func toleranceCoversWhatRoundingToHalfPrecisionChanges() throws {
    let made = MadeUpMaps()
    let tail = try made.tail()
    for i in 0..<50 {
      let maps = try made.maps(i)
      let rounded = try FeatureMaps(
        channels: maps.channels, height: maps.height, width: maps.width,
        values: maps.values.map { Double(Float16($0)) })
      let change = zip(tail.embedding(maps), tail.embedding(rounded)).map { abs($0 - $1) }.max()!
      let deviation = tail.roundingDeviation(maps, roundoff: 0x1p-11)
      #expect(change < 6 * deviation)
      #expect(change > 0.05 * deviation)
    }
  }

  @Test func aFileWithoutTailSaysWhatIsMissing() throws {
    var maps = MadeUpMaps()
    maps.without = ["depthwise_weight", "depthwise_bias", "linear_weight", "linear_bias"]
    #expect(try error(maps).hasPrefix("FILE: 'tail' holds nothing, expected 'depthwise_weight'"))
    maps.without = ["linear_bias"]
    #expect(try error(maps).hasPrefix("FILE: no dataset 'tail/linear_bias'"))
  }

  @Test func channelsThatStandLastAreNamed() throws {
    var maps = MadeUpMaps()
    maps.channelsLast = true
    #expect(
      try error(maps).hasPrefix(
        "FILE: 'maps' is [4, 2, 2, 3], expected [images, 3, height, width] with 4 cells a channel"))
    #expect(try error(maps).contains("transpose to (image, channel, row, column)"))
  }

  @Test func rowsAndColumnsExchangedDoNotLeadToTheEmbedding() throws {
    var maps = MadeUpMaps()
    maps.isTransposed = true
    let text = try error(maps)
    #expect(
      text.hasPrefix("FILE: 'maps' of image 0 ('a') do not lead to its 'embedding': component"))
    #expect(text.contains("rows and columns exchanged"))
  }

  @Test func imagesWithoutPersonAndFacesOfOtherShapeAreRefused() throws {
    var maps = MadeUpMaps()
    maps.people = ["a", "b"]
    #expect(try error(maps).hasPrefix("FILE: 'identity' is [2], expected [4]"))
    maps = MadeUpMaps()
    maps.faces = [4, 3, 8, 8]
    #expect(
      try error(maps).hasPrefix("FILE: 'face' is [4, 3, 8, 8], expected [4, height, width, 3]"))
  }

  /// What is infinite or no number must not pass a check as if it agreed.
  @Test func weightsPixelsAndPlacesThatCannotBeAreRefused() throws {
    for weight in [Float.infinity, .nan] {
      var maps = MadeUpMaps()
      maps.firstWeight = weight
      #expect(
        try error(maps).hasPrefix(
          "FILE: 'tail/linear_weight' has values that are infinite or no numbers"))
    }
    for (nose, text) in [
      ((30, 4), "(30.0, 4.0)"), ((.nan, 4), "(nan, 4.0)"), ((4, -1), "(4.0, -1.0)"),
    ]
      as [((Float, Float), String)]
    {
      var maps = MadeUpMaps()
      (maps.faces, maps.nose) = ([4, 8, 8, 3], nose)
      #expect(
        try error(maps).hasPrefix(
          "FILE: 'landmarks' puts the nose of image 0 at \(text), expected a place in the face of 8x8"
        ))
    }
    var maps = MadeUpMaps()
    (maps.faces, maps.nose) = ([4, 8, 8, 3], (4, 4))
    #expect(try error(maps) == "no error")
    maps.pixel = 0.9
    #expect(try error(maps).contains("multiply faces that are scaled to 0 to 1 by 255"))
    maps.faces = [4, 3, 3, 3]
    #expect(try error(maps).contains("of 10 pixels or more"))
    maps = MadeUpMaps()
    maps.dimension = 0
    #expect(try error(maps).hasPrefix("FILE: 'tail/linear_weight' is empty"))
  }

  @Test(
    .enabled(if: realMaps != nil, "needs lfw_gradcam_mbf512_A.h5 in the folder of MOTE_DATA"),
    arguments: ["normalised", "raw"])
  func checkArraysOfRealMapsAreMet(name: String) throws {
    // Both rules with and without clamping, seven arrays each.
    #expect(try arraysMet(realMaps!, name) == 28)
  }

  @Test(arguments: ["normalised", "raw"])
  func gradientsOfAnIresnetAreThoseOfAutograd(name: String) throws {
    let path = fixturesFolder.appendingPathComponent("autograd_maps.h5").path
    #expect(try ExportedMaps(path: path).tail.name == "iresnet")
    // Both rules: logit, gradient, weights, map, alpha.
    #expect(try arraysMet(path, name) == 10)
  }

  /// Holds Grad-CAM++ of image 0 against the arrays of group `check` of a file.
  ///
  /// - Returns: arrays held.
  private func arraysMet(_ path: String, _ name: String) throws -> Int {
    let exported = try ExportedMaps(path: path)
    #expect(exported.deviation < exported.tolerance)
    let file = try HDF5File(path: path)
    func numbers(_ dataset: String) throws -> [Double] {
      let matrix = try file.read(dataset)
      return (0..<matrix.rows).flatMap { matrix[row: $0].map(Double.init) }
    }
    var parameters: [Double] = []
    var widths = [exported.dimension]
    for layer in 0..<3 {
      parameters += try numbers("check/layer\(layer)_weight")
      let biases = try numbers("check/layer\(layer)_bias")
      parameters += biases
      widths.append(biases.count)
    }
    let network = Float64Network(widths: widths, parameters: parameters)
    let maps = try exported.maps(0)
    var held = 0
    for rule in AlphaRule.allCases {
      for clamps in [false, true] {
        let prefix = "check/\(name)/\(rule.rawValue)\(clamps ? "_clamped" : "")"
        guard try file.contains("\(prefix)_map") else { continue }
        var configuration = GradCAMConfiguration()
        configuration.alphaRule = rule
        configuration.clampsMapsInAlpha = clamps
        configuration.isNormalised = name == "normalised"
        let found = try GradCAMPlusPlus(
          maps: maps, tail: exported.tail, score: .network(network), configuration: configuration)
        let upsampled = found.normalisedMap.resampled(height: 112, width: 112)
        for (what, values, dataset) in [
          ("logit", [found.score], "check/\(name)/logit"),
          ("gradient", found.gradient, "check/\(name)/gradient"),
          ("weights", found.weights, "\(prefix)_weights"),
          ("map", found.map.values, "\(prefix)_map"),
          ("normalised map", found.normalisedMap.values, "\(prefix)_map_normalised"),
          ("upsampled map", upsampled.values, "\(prefix)_upsampled"),
          ("alpha", [found.shareOfAlphaOutsideUnit], "\(prefix)_alpha_outside_01"),
        ] where try file.contains(dataset) {
          let expected = try numbers(dataset)
          let scale = expected.map(abs).max() ?? 0
          let deviation = zip(values, expected).map { abs($0 - $1) }.max() ?? .infinity
          // The file is read as float32.
          #expect(values.count == expected.count, "\(what) of \(prefix)")
          #expect(deviation <= 1e-6 * max(scale, 1e-30), "\(what) of \(prefix)")
          held += 1
        }
      }
    }
    return held
  }
}

/// The file of real maps; nil where it is not at hand.
let realMaps: String? = {
  guard let path = realDataFolder?.appendingPathComponent("lfw_gradcam_mbf512_A.h5").path,
    FileManager.default.fileExists(atPath: path)
  else { return nil }
  return path
}()
