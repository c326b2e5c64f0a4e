/// Why a file of occluded faces cannot be used.
package enum OcclusionError: Error, CustomStringConvertible, Equatable {
  case wrongAttribute(String, String, found: String?, expected: String)
  case wrongShape(String, String, found: [Int], expected: String)
  case badLabel(String, String, row: Int, found: String, expected: String)
  case notFinite(String, row: Int)
  /// It holds faces as they are alone.
  case nothingGreyed(String)
  case noSuchImage(String, image: Int, maps: String, images: Int)
  case otherMaps(String, found: String, maps: String, expected: String)
  case otherModels(String, cell: String, found: String, expected: String)
  case otherCell(String, cell: String, cells: [String])
  case twice(String, String, cell: String)
  case lacks(String, image: Int, identity: String, String)
  case notReproduced(
    String, image: Int, identity: String, component: Int, found: Double, maps: String,
    recorded: Double, tolerance: Double)

  package var description: String {
    switch self {
    case .wrongAttribute(let path, let name, let found, let expected):
      "\(path): attribute '\(name)' is \(found.map { "'\($0)'" } ?? "missing"), expected \(expected); "
        + "make the file with experiments/export/occlude.py"
    case .wrongShape(let path, let dataset, let found, let expected):
      "\(path): '\(dataset)' is \(found), expected \(expected)"
    case .badLabel(let path, let dataset, let row, let found, let expected):
      "\(path): '\(dataset)' has '\(found)' in row \(row), expected \(expected)"
    case .notFinite(let path, let row):
      "\(path): 'embedding' has values that are infinite or no numbers in row \(row); embed that face again"
    case .nothingGreyed(let path):
      "\(path): every row of 'choice' is 'none', expected faces with pixels greyed besides; make the file with "
        + "experiments/export/occlude.py"
    case .noSuchImage(let path, let image, let maps, let images):
      "\(path): 'image' names image \(image), expected 0 to \(images - 1): '\(maps)' has no more"
    case .otherMaps(let path, let found, let maps, let expected):
      "\(path): made from a file of feature maps with SHA-256 \(found), expected \(expected), that of "
        + "'\(maps)'; run occlude.py on this one"
    case .otherModels(let path, let cell, let found, let expected):
      "\(path): its pixels were chosen by heat maps of other models of \(cell) (inputs \(found), expected "
        + "\(expected)): spec or data changed since; run occlude.py on the heat maps as they are now"
    case .otherCell(let path, let cell, let cells):
      "\(path): attribute 'cell' is '\(cell)', expected one that is explained: "
        + cells.joined(separator: ", ")
    case .twice(let first, let second, let cell):
      "\(second): of the cell '\(cell)', as '\(first)' is, expected one file per cell; leave one out"
    case .lacks(let path, let image, let identity, let what):
      "\(path): image \(image) ('\(identity)') lacks embeddings, expected \(what); run occlude.py on all "
        + "images of the feature maps"
    case .notReproduced(
      let path, let image, let identity, let component, let found, let maps, let recorded,
      let tolerance):
      "\(path): the face of image \(image) ('\(identity)') as it is does not lead to its 'embedding' in "
        + "'\(maps)': component \(component) is \(found), recorded \(recorded), expected to "
        + "\(tolerance); another network, other faces or another order of channels would do that"
    }
  }
}
