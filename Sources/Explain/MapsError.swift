/// Why a file of exported maps cannot be used.
package enum MapsError: Error, CustomStringConvertible, Equatable {
  case noTail(String, found: [String])
  case noEpsilon(String)
  case wrongShape(String, String, found: [Int], expected: String)
  /// The maps' axes do not fit the tail.
  case wrongAxes(String, found: [Int], channels: Int, inputs: Int)
  case notReproduced(
    String, image: Int, identity: String, component: Int, found: Double, stored: Double,
    tolerance: Double)
  /// Infinity, NaN, or nothing where weights are expected.
  case badTensor(String, String, values: Int)
  case notFinite(String, String, image: Int, identity: String)
  case noseOutside(String, image: Int, x: Double, y: Double, width: Int, height: Int)
  /// No pixel is above 1.
  case darkFaces(String)
  case badPixel(String, image: Int, found: Double)
  case badRegion(String, image: Int, found: Double)

  package var description: String {
    switch self {
    case .noTail(let path, let found):
      "\(path): 'tail' holds \(found.isEmpty ? "nothing" : found.joined(separator: ", ")), expected "
        + "'depthwise_weight', 'depthwise_bias', 'linear_weight', 'linear_bias' (MobileFaceNet) or "
        + "'bn2_…', 'fc_…', 'features_…' (iresnet): without the backbone's last layers a score has no "
        + "gradient at the maps; export them with experiments/export"
    case .noEpsilon(let path):
      "\(path): group 'tail' of an iresnet has no attribute 'eps' above 0, expected that of its batch "
        + "norms (1e-5 for ArcFace, 2e-5 for MagFace); export it with the tensors"
    case .wrongShape(let path, let dataset, let found, let expected):
      "\(path): '\(dataset)' is \(found), expected \(expected)"
    case .wrongAxes(let path, let found, let channels, let inputs):
      "\(path): 'maps' is \(found), expected [images, \(channels), height, width] with "
        + "\(inputs / channels) cells a channel, as the tail has"
        + (found.last == channels
          ? "; the channels seem to stand last: transpose to (image, channel, row, column)"
          : "; export maps and tail from one network")
    case .notReproduced(
      let path, let image, let identity, let component, let found, let stored, let tolerance):
      "\(path): 'maps' of image \(image) ('\(identity)') do not lead to its 'embedding': component "
        + "\(component) is \(found) by the tail, \(stored) in the file, expected to \(tolerance); rows "
        + "and columns exchanged, another layer's output, a normalised embedding or another network's "
        + "tail would do that: export all of one forward pass"
    case .badTensor(let path, let name, let values):
      values == 0
        ? "\(path): '\(name)' is empty, expected the weights of a layer; export it again"
        : "\(path): '\(name)' has values that are infinite or no numbers, expected weights; export it again"
    case .notFinite(let path, let name, let image, let identity):
      "\(path): '\(name)' of image \(image) ('\(identity)') has values that are infinite or no numbers; "
        + "export it again, as float32 where float16 overflows"
    case .noseOutside(let path, let image, let x, let y, let width, let height):
      "\(path): 'landmarks' puts the nose of image \(image) at (\(x), \(y)), expected a place in the face of "
        + "\(width)x\(height) pixels: x, then y, in pixels of 'face'"
    case .darkFaces(let path):
      "\(path): no pixel of 'face' is above 1, expected 0 to 255; multiply faces that are scaled to 0 to 1 by "
        + "255"
    case .badPixel(let path, let image, let found):
      "\(path): 'face' has the value \(found) in image \(image), expected 0 to 255"
    case .badRegion(let path, let image, let found):
      "\(path): 'regions' has the label \(found) in image \(image), expected 0 (background), 1 (rest of "
        + "face), 2 and 3 (eyes), 4 (nose), 5 (mouth)"
    }
  }
}
