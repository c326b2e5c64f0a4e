import Configurations
import Datasets
import Files
import HDF5
import Kernels

/// Model-templates read from a file of `ModelTemplateWriter`'s layout, whoever wrote it.
package struct ModelTemplates {
  package let path: String
  package let shape: NetworkShape
  package let precision: WeightPrecision
  /// Subject of each template, [s].
  package let identities: [String]
  /// Attributes of the file.
  package let attributes: [String: String]
  let file: HDF5File

  package var count: Int { identities.count }

  /// Opens a file and checks its seal and layout; weights are read on demand.
  ///
  /// The seal comes first: the HDF5 library is not made for damaged files.
  ///
  /// - Throws: `FileError`, `HDF5Error`, `ModelTemplateError`.
  package init(path: String) throws {
    func bad(_ reason: String) -> ModelTemplateError { .bad(path: path, reason: reason) }
    switch try Self.fault(in: path) {
    case nil: break
    case .absent?:
      throw bad(
        "\(Seal.Fault.absent): not a file of model-templates ('\(ModelTemplateWriter.format)'), or "
          + "a damaged one; see datasets.md")
    case .broken?: throw bad("\(Seal.Fault.broken); delete it and run the experiment again")
    }
    let file = try HDF5File(path: path)
    let attributes = try file.attributes()
    guard let format = attributes["format"] else {
      throw bad(
        "it has no attribute 'format', expected '\(ModelTemplateWriter.format)': not a file of "
          + "model-templates")
    }
    guard format == ModelTemplateWriter.format else {
      throw bad("its format is '\(format)', expected '\(ModelTemplateWriter.format)'")
    }
    guard let precision = WeightPrecision(rawValue: attributes["precision"] ?? "") else {
      throw bad(
        "its precision is '\(attributes["precision"] ?? "not given")', expected one of "
          + WeightPrecision.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard let layers = Int(attributes["layers"] ?? ""), (1...64).contains(layers) else {
      throw bad("it has '\(attributes["layers"] ?? "no number of")' layers, expected 1 to 64")
    }
    let identities = try file.labels("identity")
    var dims: [Int] = []
    for k in 1...layers {
      let weight = try file.shape(of: "fc\(k)/weight")
      guard weight.count == 3, weight[0] == identities.count, weight[1] > 0, weight[2] > 0 else {
        throw bad("'fc\(k)/weight' is \(weight), expected [\(identities.count), out, in]")
      }
      if let last = dims.last, last != weight[2] {
        throw bad("'fc\(k)/weight' takes \(weight[2]) inputs, layer \(k - 1) has \(last) outputs")
      }
      if dims.isEmpty { dims.append(weight[2]) }
      dims.append(weight[1])
      for name in precision == .int8 ? ["bias", "scale"] : ["bias"] {
        let shape = try file.shape(of: "fc\(k)/\(name)")
        guard shape == [identities.count, weight[1]] else {
          throw bad(
            "'fc\(k)/\(name)' is \(shape), expected [\(identities.count), \(weight[1])]")
        }
      }
    }
    guard dims.last == 1 else { throw bad("the last layer has \(dims.last!) outputs, expected 1") }
    shape = NetworkShape(inputs: dims[0], hiddenWidths: Array(dims[1..<(dims.count - 1)]))
    self.path = path
    self.precision = precision
    self.identities = identities
    self.attributes = attributes
    self.file = file
  }

  /// What is wrong with the seal of a file of model-templates; nil: it is as it was written.
  private static func fault(in path: String) throws(FileError) -> Seal.Fault? {
    let file = try MappedFile(path)
    return withExtendedLifetime(file) { Seal.hdf5.fault(in: file.bytes) }
  }

  /// Reads some templates as float32 networks.
  ///
  /// - Throws: `HDF5Error`; `ModelTemplateError` for a weight that is not a finite number.
  package func references(_ rows: Range<Int>) throws -> [MoteReference] {
    var all = [[Float]](
      repeating: [Float](repeating: 0, count: shape.parameterCount), count: rows.count)
    for k in 0..<shape.layerCount {
      let (inputs, outputs) = (shape.dims[k], shape.dims[k + 1])
      var weights = try read("fc\(k + 1)/weight", rows, columns: inputs * outputs)
      if precision == .int8 {
        let scales = try read("fc\(k + 1)/scale", rows, columns: outputs)
        for i in weights.indices { weights[i] *= scales[i / inputs] }
      }
      let biases = try read("fc\(k + 1)/bias", rows, columns: outputs)
      for r in rows.indices.map({ $0 - rows.lowerBound }) {
        let offset = shape.parameterOffset(ofLayer: k)
        for i in 0..<(inputs * outputs) {
          all[r][offset + i] = weights[r * inputs * outputs + i]
        }
        for i in 0..<outputs { all[r][shape.biasOffset(ofLayer: k) + i] = biases[r * outputs + i] }
      }
    }
    for (r, weights) in all.enumerated() {
      if let i = weights.firstIndex(where: { !$0.isFinite }) {
        throw ModelTemplateError.bad(
          path: path,
          reason: "template \(rows.lowerBound + r) ('\(identities[rows.lowerBound + r])') has the "
            + "weight \(weights[i])")
      }
    }
    return all.map { MoteReference(shape: shape, weights: $0) }
  }

  /// Rows of a dataset of any stored precision as float32.
  func read(_ name: String, _ rows: Range<Int>, columns: Int) throws -> [Float] {
    let dataset = try file.dataset(name)
    return try [Float](unsafeUninitializedCapacity: rows.count * columns) { buffer, count in
      try dataset.read(rows: rows, into: buffer.baseAddress!, stride: columns)
      count = rows.count * columns
    }
  }
}

/// A file that is not what it should be.
package enum ModelTemplateError: Error, CustomStringConvertible {
  case bad(path: String, reason: String)

  package var description: String {
    switch self {
    case .bad(let path, let reason): "'\(path)': \(reason)"
    }
  }
}
