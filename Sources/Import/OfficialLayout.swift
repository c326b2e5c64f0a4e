import Foundation

/// The folder that the paper's public code reads (`model-template/MOTE` at commit 1c4fcb5,
/// `data_loader.py`): .npy files by architecture and dataset, those of LFW in folders of their own.
package struct OfficialLayout: Sendable {
  /// The code's folder `data`.
  package let folder: String

  package init(folder: String) { self.folder = folder }

  /// One dataset of one extractor that is there.
  package struct Found: Sendable {
    /// "lfw", "arcface".
    package let dataset: String
    package let extractor: String
    package let request: ImportRequest

    /// Name of its file as specs look for it.
    package var filename: String { "\(dataset)_\(extractor).h5" }
  }

  /// Datasets whose vectors and identities are there; labels that are not there are left out.
  ///
  /// - Throws: `ImportError` where there are none.
  package func datasets() throws -> [Found] {
    var found: [Found] = []
    for extractor in ["arcface", "magface", "facenet"] {
      for dataset in ["adience", "colorferet", "morph"] {
        let stem = "stripped_data/\(extractor)/matched_\(extractor)_\(dataset)_"
        add(
          dataset, extractor, vectors: stem + "emb.npy", identity: stem + "identities.npy",
          gender: stem + "gender.npy", filename: stem + "filenames.npy",
          attributes: ["age": stem + "age.npy", "ethnicity": stem + "ethnics.npy"], to: &found)
      }
    }
    add(
      "lfw", "arcface", vectors: "ArcFace/ArcFace_LFW/arcface_lfw_emb.npy",
      identity: "ArcFace/ArcFace_LFW/arcface_lfw_ids.npy",
      gender: "ArcFace/ArcFace_LFW/arcface_lfw_gender.npy", filename: nil, to: &found)
    add(
      "lfw", "magface", vectors: "MagFace/ds_lfw_emb.npy",
      identity: "MagFace/ds_lfw_identities.npy", gender: "MagFace/ds_lfw_gender.npy",
      filename: "MagFace/ds_filenames_lfw_magface_r100.npy", to: &found)
    add(
      "lfw", "facenet", vectors: "FaceNet/ds_lfw_emb.npy",
      identity: "FaceNet/ds_lfw_identities.npy", gender: "FaceNet/ds_lfw_gender.npy",
      filename: "FaceNet/ds_lfw_filenames.npy", to: &found)
    if found.isEmpty {
      throw ImportError(
        folder, nil,
        "holds none of the files of the public code, e.g."
          + " stripped_data/arcface/matched_arcface_adience_emb.npy with matched_arcface_adience_identities.npy"
          + " beside it; name its folder 'data'")
    }
    return found
  }

  private func add(
    _ dataset: String, _ extractor: String, vectors: String, identity: String, gender: String,
    filename: String?, attributes: [String: String] = [:], to found: inout [Found]
  ) {
    func path(_ name: String) -> String? {
      let path = (folder as NSString).appendingPathComponent(name)
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }
    guard let vectors = path(vectors), let identity = path(identity) else { return }
    var request = ImportRequest([vectors])
    request.identity = [identity]
    request.gender = path(gender).map { [$0] } ?? []
    request.filename = filename.flatMap(path).map { [$0] } ?? []
    request.attributes = attributes.compactMapValues(path)
    request.dataset = dataset
    request.model = extractor
    found.append(Found(dataset: dataset, extractor: extractor, request: request))
  }
}
