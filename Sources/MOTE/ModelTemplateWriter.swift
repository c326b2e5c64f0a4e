import Configurations
import Datasets
import HDF5Library
import Kernels

/// Writes model-templates to one HDF5 file, complete or absent.
///
/// Layout, with s templates and layers k = 1, 2, … of a network d-h-…-1:
///
///     fc<k>/weight   [s, out, in]  float32, float16 or int8
///     fc<k>/scale    [s, out]      float32; int8 only: weight = scale * stored value
///     fc<k>/bias     [s, out]      float32 (float16 where the weights are)
///     identity       [s]           subject identifiers
///     fold, reference_row  [s]     where each reference sample comes from
///     attributes: format, precision, layers, and what the caller adds
///
/// The file is sealed (`Seal.hdf5`): its first 512 bytes, the user block of HDF5, hold the digest of
/// the rest.
///
/// Every dataset is contiguous, so that a template is read by its place (`TemplateRows`).
///
/// Weight (out, in) and bias are those of PyTorch's `Linear`, with ReLU between the layers.
package final class ModelTemplateWriter {
  /// Value of the attribute `format`.
  package static let format = "mote-templates 2"

  private let writer: HDF5Writer
  private let shape: NetworkShape
  private let precision: WeightPrecision
  private var identities: [String]
  private var folds: [Double]
  private var referenceRows: [Double]

  /// - Parameter count: templates that will be written.
  package init(path: String, shape: NetworkShape, precision: WeightPrecision, count: Int) throws {
    self.shape = shape
    self.precision = precision
    identities = Array(repeating: "", count: count)
    folds = Array(repeating: 0, count: count)
    referenceRows = Array(repeating: -1, count: count)
    writer = try HDF5Writer(path: path, isSealed: true)
    let (weights, others): (HDF5Writer.Element, HDF5Writer.Element) =
      switch precision {
      case .float32: (.float32, .float32)
      case .float16: (.float16, .float16)
      case .int8: (.int8, .float32)
      }
    for k in 0..<shape.layerCount {
      let (inputs, outputs) = (shape.dims[k], shape.dims[k + 1])
      try writer.create("fc\(k + 1)/weight", weights, shape: [count, outputs, inputs])
      try writer.create("fc\(k + 1)/bias", others, shape: [count, outputs])
      if precision == .int8 {
        try writer.create("fc\(k + 1)/scale", .float32, shape: [count, outputs])
      }
    }
  }

  /// Writes networks from row `start` on.
  ///
  /// - Precondition: all have the shape of the file.
  package func write(_ references: [MoteReference], at start: Int) throws {
    let rows = start..<(start + references.count)
    for k in 0..<shape.layerCount {
      let weights = shape.parameterOffset(ofLayer: k)..<shape.biasOffset(ofLayer: k)
      let biases = shape.biasOffset(ofLayer: k)..<shape.parameterOffset(ofLayer: k + 1)
      if precision == .int8 {
        let parts = references.map { Int8Rows.quantised($0, layer: k) }
        try writer.write("fc\(k + 1)/weight", rows: rows, from: parts.flatMap(\.0))
        try writer.write("fc\(k + 1)/scale", rows: rows, from: parts.flatMap(\.1))
      } else {
        try writer.write(
          "fc\(k + 1)/weight", rows: rows, from: references.flatMap { $0.weights[weights] })
      }
      try writer.write(
        "fc\(k + 1)/bias", rows: rows, from: references.flatMap { $0.weights[biases] })
    }
  }

  /// Says whose network a row is, and which row of the embedding file it was enrolled from.
  package func describe(row: Int, identity: String, fold: Int, referenceRow: Int) {
    identities[row] = identity
    folds[row] = Double(fold)
    referenceRows[row] = Double(referenceRow)
  }

  /// Writes labels and attributes and moves the file into place.
  package func finish(attributes: [String: String] = [:]) throws {
    try writer.writeStrings("identity", identities)
    try writer.writeVector("fold", folds, as: .int32)
    try writer.writeVector("reference_row", referenceRows, as: .int32)
    let own = [
      "format": Self.format, "precision": precision.rawValue, "layers": "\(shape.layerCount)",
    ]
    for (name, value) in own.merging(attributes, uniquingKeysWith: { own, _ in own }).sorted(by: {
      $0.key < $1.key
    }) {
      try writer.setAttribute(name, value)
    }
    try writer.finish()
  }
}
