import Configurations
import Datasets
import Files
import Foundation
import HDF5
import Import
import Kernels
import TestSupport
import Testing

/// Real embeddings, out as .npy and in again.
@Suite struct RealFileTests {
  @Test(
    .enabled(if: realDataFolder != nil, "\(realDataAreMissing)"),
    arguments: ["lfw_arcface-mbf512_A", "adience-subset_arcface-mbf512_A", "lfw_facenet128_A"])
  func realFilesComeBackFromNumpyIdentical(_ name: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try #require(realDataFolder).appendingPathComponent("\(name).h5").path
    let source = try HDF5File(path: path)
    let vectors = try source.read("embeddings")
    let identity = try source.labels("identity")
    let gender = try source.labels("gender")
    try npy("<f4", [vectors.rows, vectors.columns], vectors.denseBytes)
      .write(to: folder.appendingPathComponent("x.npy"))
    for (label, texts) in [("identity", identity), ("gender", gender)] {
      let length = max(1, texts.map(\.unicodeScalars.count).max() ?? 1)
      try npy("<U\(length)", [texts.count], utf32(texts, length))
        .write(to: folder.appendingPathComponent("\(label).npy"))
    }
    func place(_ name: String) -> String { folder.appendingPathComponent(name).path }
    var request = ImportRequest([place("x.npy")])
    request.identity = [place("identity.npy")]
    request.gender = [place("gender.npy")]
    _ = try request.write(to: place("out.h5"))
    let imported = try HDF5File(path: place("out.h5"))
    #expect(try imported.read("embeddings").denseBytes == vectors.denseBytes)
    #expect(try imported.labels("identity") == identity)
    #expect(try imported.labels("gender") == gender)
  }

  /// The published tables beside them: people of LFW, folds of Adience.
  @Test(.enabled(if: realDataFolder != nil, "\(realDataAreMissing)"))
  func publishedTablesTellTheGendersOfRealFiles() throws {
    let data = try #require(realDataFolder)
    for (name, table, join) in [
      ("lfw_arcface-mbf512_A", "lfw_people", LabelJoin.identity),
      ("adience-subset_arcface-mbf512_A", "adience_folds", .filename),
    ] {
      let path = data.appendingPathComponent("\(name).h5").path
      var request = ImportRequest([path])
      request.tables = [data.appendingPathComponent("\(table).csv").path]
      request.join = join
      let imported = try ImportedFile(request)
      let source = try HDF5File(path: path)
      #expect(try imported.gender == source.labels("gender"), "\(name)")
      #expect(try imported.identity == source.labels("identity"), "\(name)")
    }
  }

  /// A .npy file of version 1.
  private func npy(_ descr: String, _ shape: [Int], _ bytes: Data) -> Data {
    let axes = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(axes)), }"
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    let length = header.utf8.count
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)])
      + Data(header.utf8) + bytes
  }

  private func utf32(_ texts: [String], _ length: Int) -> Data {
    var data = Data()
    for text in texts {
      let codes = text.unicodeScalars.map(\.value)
      for i in 0..<length {
        withUnsafeBytes(of: (i < codes.count ? codes[i] : 0).littleEndian) {
          data.append(contentsOf: $0)
        }
      }
    }
    return data
  }
}

extension FloatMatrix {
  /// The rows one after the other, as bytes.
  fileprivate var denseBytes: Data {
    var data = Data(capacity: rows * columns * 4)
    for row in 0..<rows {
      data.append(
        UnsafeBufferPointer(start: base + row * stride, count: columns))
    }
    return data
  }
}
