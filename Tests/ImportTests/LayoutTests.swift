import Configurations
import Foundation
import HDF5
import HDF5Library
import Import
import TestSupport
import Testing

/// Every layout comes in by one request, with the same vectors and labels.
@Suite struct LayoutTests {
  /// A layout by its file, and what a request says of it.
  struct Layout: CustomTestStringConvertible, Sendable {
    let name: String
    let set: @Sendable (inout ImportRequest) -> Void
    var testDescription: String { name }

    init(_ name: String, _ set: @escaping @Sendable (inout ImportRequest) -> Void = { _ in }) {
      (self.name, self.set) = (name, set)
    }
  }

  private static let ofNumpy: [Layout] =
    [
      "f2.npy", "f4.npy", "f4_fortran.npy", "f8_big.npy", "f2_big_fortran.npy", "v2.npy", "v3.npy",
      "three_axes.npy", "savetxt.txt",
    ].map { name in
      Layout(name) {
        $0.identity = [fixture("ids.npy")]
        $0.gender = [fixture("gender_int.npy")]
        $0.genderCodes = GenderCodes(male: ["1"], female: ["-1"])
      }
    } + [
      Layout("transposed.npy") {
        $0.isTransposed = true
        $0.identity = [fixture("ids_big.npy")]
        $0.gender = [fixture("gender_bool.npy")]
        $0.genderCodes = GenderCodes(male: ["True"], female: ["0"])
      },
      Layout("plain.npz") {
        $0.embeddings = ["emb"]
        $0.identity = ["y"]
      },
      Layout("packed.npz"),
    ]

  private static let ofText: [Layout] = [
    Layout("wide.csv"),
    Layout("numbered.csv") { $0.genderCodes = GenderCodes(male: ["1"], female: ["0"]) },
    Layout("quoted.tsv"),
    Layout("vectors.csv") { $0.gender = [fixture("labels.csv") + ":gender"] },
    Layout("headless.csv") {
      $0.identity = ["1"]
      $0.gender = [fixture("pytables_bits.h5") + ":gender"]
      $0.genderCodes = GenderCodes(male: ["1"], female: ["0"])
    },
  ]

  private static let ofHDF5: [Layout] = [
    Layout("pytables_table.h5"),
    Layout("pytables_bits.h5") { $0.genderCodes = GenderCodes(male: ["1"], female: ["0"]) },
    Layout("h5py_table.h5"),
    Layout("pandas_table.h5") { $0.embeddings = ["df/table/values_block_0"] },
    Layout("groups.h5") { $0.identityRule = .group },
    Layout("person_datasets.h5") { $0.identityRule = .group },
    Layout("preallocated.h5") { $0.rows = [12] },
    Layout("parts.h5") { $0.groups = ["train", "val"] },
    Layout("parts.h5") {
      $0.embeddings = ["train/embeddings", "val/embeddings"]
      $0.identity = ["train/identity", "val/identity"]
    },
    Layout("h5py_transposed.h5") {
      $0.isTransposed = true
      $0.genderCodes = GenderCodes(male: ["TRUE"], female: ["FALSE"])
    },
    Layout("matlab73.mat"),
    Layout("pandas_columns.h5"),
    Layout("person_labels.h5") { $0.identityRule = .group },
    Layout("person_kinds.h5") {
      $0.identityRule = .group
      $0.embeddings = ["own"]
    },
    Layout("person_transposed.h5") {
      $0.identityRule = .group
      $0.isTransposed = true
    },
    Layout("matlab_people.mat") {
      $0.identityRule = .group
      $0.groups = ["people"]
    },
  ]

  @Test(arguments: ofNumpy + ofText + ofHDF5)
  func everyLayoutComesInByOneRequest(_ layout: Layout) throws {
    let file = try ImportedFile(request(layout.name, set: layout.set))
    #expect(file.shape == [12, 8])
    #expect(file.vectors == Planted.vectors)
    #expect(file.identity == Planted.identity)
    if layout.name == "vectors.csv" {
      // The table is in another order, which a column by itself does not tell.
      #expect(Set(file.gender ?? []) == ["M", "F"])
    } else {
      #expect(file.gender == Planted.gender)
    }
  }

  @Test func integersAreVectorsWhereTheyAreNamed() throws {
    let file = try ImportedFile(request("int8.npy") { $0.identity = [fixture("ids_int.npy")] })
    let larger = Planted.vectors.map { $0 * 16 }
    #expect(file.vectors == larger)
    #expect(file.identity == perPerson(["-1", "0", "1", "2"]))
    #expect(file.gender == nil)
  }

  @Test func wholeFloatsAreIdentitiesAndNaNIsUnlabelled() throws {
    let file = try ImportedFile(
      request("f4.npy") {
        $0.identity = [fixture("ids_float.npy")]
        $0.gender = [fixture("gender_float.npy")]
        $0.genderCodes = GenderCodes(male: ["1"], female: ["0"])
      })
    #expect(file.identity == perPerson(["0", "1", "2", "3"]))
    #expect(file.gender == perPerson(["U", "M", "F", "M"]))
  }

  @Test func largeIntegersOfPandasStayTheyAre() throws {
    let file = try ImportedFile(
      request("pandas_fixed.h5") {
        $0.embeddings = ["df/block0_values"]
        $0.genderCodes = GenderCodes(male: ["1"], female: ["0"])
      })
    #expect(file.vectors == Planted.vectors)
    let numbers = (0..<4).map { "\((1 << 40) + $0)" }
    #expect(file.identity == perPerson(numbers))
    #expect(file.gender == Planted.gender)
  }

  /// Columns of two types stand in two matrices.
  @Test func allMatricesOfAFrameAreTheVector() throws {
    for name in [nil, "df/f*", "df/block0_values", "df/block1_values"] {
      let file = try ImportedFile(
        request("pandas_blocks.h5") {
          $0.embeddings = name.map { [$0] } ?? []
          $0.genderCodes = GenderCodes(male: ["1"], female: ["0"])
        })
      #expect(file.vectors == Planted.vectors, "\(name ?? "")")
      #expect(file.gender == Planted.gender)
    }
  }

  @Test func labelsOfEveryImageStandInThePersonsGroup() throws {
    let file = try ImportedFile(request("person_labels.h5") { $0.identityRule = .group })
    #expect(file.filename == Planted.images)
    #expect(file.labels["age"] == (0..<12).map { "\(20 + $0)" })
  }

  @Test func twoKindsOfVectorsAreNotMixed() throws {
    let both = request("person_kinds.h5") { $0.identityRule = .group }
    #expect {
      _ = try ImportedFile(both)
    } throws: {
      "\($0)".hasSuffix(
        "person_kinds.h5: has several kinds of datasets in its groups: 'other', 'own'; say which hold the"
          + " vectors, e.g. --embeddings other")
    }
    let named = try ImportedFile(
      request("person_kinds.h5") {
        $0.identityRule = .group
        $0.embeddings = ["other", "own"]
      })
    #expect(named.shape == [24, 8])
  }

  @Test func linksAmongPeopleAreNotLeftOutSilently() throws {
    let refused = request("person_links.h5") { $0.identityRule = .group }
    #expect {
      _ = try ImportedFile(refused)
    } throws: {
      "\($0)".hasSuffix(
        "person_links.h5: 'Eve' is a link into another file, which is not followed; copy what it leads to"
          + " into the file")
    }
  }

  @Test func rowsAreNamedForEachPart() throws {
    let file = try ImportedFile(
      request("filled_parts.h5") {
        $0.groups = ["train", "val"]
        $0.rows = [9, 3]
      })
    #expect(file.vectors == Planted.vectors && file.identity == perPerson(["0", "1", "2", "3"]))
    for (name, rows, words) in [
      ("filled_parts.h5", [9], "name --rows for each, not 1 time"),
      ("groups.h5", [9], "of which --rows takes no part"),
    ] {
      let refused = request(name) {
        $0.groups = name == "groups.h5" ? [] : ["train", "val"]
        $0.identityRule = name == "groups.h5" ? .group : nil
        $0.rows = rows
      }
      #expect {
        _ = try ImportedFile(refused)
      } throws: {
        "\($0)".contains(words)
      }
    }
  }

  @Test func imagesOfSeveralPartsNamePeople() throws {
    let file = try ImportedFile(
      request("image_parts.h5") {
        $0.groups = ["train", "val"]
        $0.identityRule = .filename
      })
    #expect(file.identity.sorted() == Planted.identity.sorted())
  }

  /// The vectors' names stand in a file, those of the labels in a column without a name, in capitals.
  @Test func aPlaceOfTheTableAndOneOfTheVectorsNameImages() throws {
    for table in ["", fixture("plain_labels.csv") + ":"] {
      let file = try ImportedFile(
        request("f4.npy") {
          $0.filename = [fixture("images.npy"), table + "1"]
          $0.tables = [fixture("plain_labels.csv")]
          $0.hasHeader = false
          $0.identity = [table + "2"]
          $0.gender = [table + "3"]
          $0.join = .filename
        })
      #expect(file.identity == Planted.identity && file.gender == Planted.gender)
      #expect(file.filename?[0] == "faces\\Ann_0001.jpg")
    }
  }

  /// Names without folders or capitals may be those of several images.
  @Test func oneRowIsNotTakenForImagesOfSeveralNames() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func importing(_ images: [String], _ table: [String]) throws -> [String] {
      let names = folder.appendingPathComponent("names.txt").path
      let labels = folder.appendingPathComponent("labels.csv").path
      let all = images + (images.count..<12).map { "z\($0).jpg" }
      try Data((all.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: names))
      let rows = ["filename,identity"] + table + (images.count..<12).map { "z\($0).jpg,Z" }
      try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: labels))
      return try ImportedFile(
        request("f4.npy") {
          $0.filename = [names]
          $0.tables = [labels]
          $0.join = .filename
        }
      ).identity
    }
    #expect(try importing(["a/1.jpg"], ["b/1.jpg,A"])[0] == "A")
    #expect(try importing(["A1.jpg"], ["a1.JPG,A"])[0] == "A")
    #expect {
      _ = try importing(["a/1.jpg", "b/1.jpg"], ["a/1.jpg,A"])
    } throws: {
      "\($0)".contains("does not name 'a/1' and 'b/1' apart: without folders both are '1'")
    }
    #expect {
      _ = try importing(["A1.jpg", "a1.jpg"], ["A1.jpg,A"])
    } throws: {
      "\($0)".contains("names 11 of 12 images; it lacks 'a1.jpg'")
    }
  }

  /// pandas keeps columns in the order of their names as text, and ages among them.
  @Test func columnsWithNumbersAreTheVectorInTheirOrder() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.h5").path
    let width = 11
    let names = (["age"] + (0..<width).map { "e\($0)" }).sorted()
    let writer = try HDF5Writer(path: path)
    try writer.create("df/block0_values", .float32, shape: [12, width + 1])
    let values = (0..<12).flatMap { row in
      names.map { name in name == "age" ? 30 : Float(row * 100) + Float(name.dropFirst())! }
    }
    try writer.write("df/block0_values", rows: 0..<12, from: values)
    try writer.writeStrings("df/block0_items", names)
    try writer.writeStrings("df/identity", Planted.identity)
    try writer.finish()
    var request = ImportRequest([path])
    request.embeddings = ["df/block0_values"]
    let output = folder.appendingPathComponent("out.h5").path
    let lines = try request.write(to: output)
    #expect(
      lines.contains { $0.contains("columns 'e0' to 'e10' by number, without 'age', 12 x 11") },
      "\(lines)")
    let file = try ImportedFile(output)
    #expect(file.shape == [12, width])
    #expect(file.vectors == (0..<12).flatMap { row in (0..<width).map { Float(row * 100 + $0) } })
  }

  @Test func peopleBelowAGroupAreNotOnePerson() throws {
    let refused = request("groups_below.h5") { $0.identityRule = .group }
    #expect {
      _ = try ImportedFile(refused)
    } throws: {
      "\($0)".hasSuffix(
        "groups_below.h5: 'people' is the only group, so all vectors would be of one person; where"
          + " people are the groups below it, add --under people")
    }
    let file = try ImportedFile(
      request("groups_below.h5") {
        $0.identityRule = .group
        $0.groups = ["people"]
      })
    #expect(file.identity == Planted.identity && file.gender == Planted.gender)
  }

  @Test func partsAreNotPeople() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.h5").path
    let writer = try HDF5Writer(path: path)
    for (place, row) in [("train/Ann/a", 0), ("train/Bob/a", 1), ("val/Ann/b", 2)] {
      try writer.create(place, .float32, shape: [1, 4])
      try writer.write(place, rows: 0..<1, from: [Float](repeating: Float(row), count: 4))
    }
    try writer.finish()
    var request = ImportRequest([path])
    request.identityRule = .group
    let output = folder.appendingPathComponent("y.h5").path
    #expect {
      _ = try request.write(to: output)
    } throws: {
      "\($0)".hasSuffix(
        "has the groups 'train', 'val', which are parts, not people; add --under train --under val")
    }
    request.groups = ["train", "val"]
    _ = try request.write(to: output)
    #expect(try ImportedFile(output).identity == ["Ann", "Bob", "Ann"])
  }

  /// More datasets than are asked for at once, in blocks that end within a person's.
  @Test func manyDatasetsComeInOrderWithTheirAttributes() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.h5").path
    let writer = try HDF5Writer(path: path)
    let (d, people) = (1_024, 1_300)
    // 0, 1 and 2 or 3 images; one vector without an axis of images.
    for person in 0..<people {
      let name = "p\(10_000 + person)"
      let rows = person % 4
      let place = "\(name)/face"
      if rows == 3 {
        try writer.create(place, .float32, shape: [d])
        try writer.write(place, rows: 0..<d, from: [Float](repeating: Float(person), count: d))
      } else {
        try writer.create(place, .float32, shape: [rows, d])
        var values: [Float] = []
        for image in 0..<rows {
          values += [Float](repeating: Float(person) + Float(image) / 4, count: d)
        }
        try writer.write(place, rows: 0..<rows, from: values)
      }
      try writer.setAttribute("gender", person % 3 == 0 ? "F" : "M", of: name)
    }
    try writer.finish()
    var request = ImportRequest([path])
    request.identityRule = .group
    let output = folder.appendingPathComponent("y.h5").path
    _ = try request.write(to: output)
    var identities: [String] = []
    var genders: [String] = []
    var expected: [Float] = []
    for person in 0..<people {
      for image in 0..<(person % 4 == 3 ? 1 : person % 4) {
        identities.append("p\(10_000 + person)")
        genders.append(person % 3 == 0 ? "F" : "M")
        expected.append(Float(person) + Float(image) / 4)
      }
    }
    let file = try HDF5File(path: output)
    #expect(try file.labels("identity") == identities)
    #expect(try file.labels("gender") == genders)
    let matrix = try file.read("embeddings")
    #expect(matrix.rows == expected.count && matrix.columns == d)
    let wrong = expected.indices.first { row in
      matrix[row: row].contains { $0 != expected[row] }
    }
    #expect(wrong == nil)
  }

  @Test func rowsThatWereNeverWrittenAreNotWrittenOut() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.h5").path
    let writer = try HDF5Writer(path: path)
    try writer.create("embeddings", .float32, shape: [1_000_000, 512], chunk: [1_000, 512])
    try writer.writeStrings("identity", ["a", "b"])
    try writer.finish()
    var request = ImportRequest([path])
    request.rows = [2]
    let output = folder.appendingPathComponent("y.h5").path
    _ = try request.write(to: output)
    #expect(try HDF5File(path: output).shape(of: "embeddings") == [2, 512])
    let all = try HDF5Writer(path: path)
    try all.create("embeddings", .float32, shape: [1_000_000, 512], chunk: [1_000, 512])
    try all.writeStrings("identity", [String](repeating: "a", count: 1_000_000))
    try all.finish()
    #expect {
      _ = try ImportRequest([path]).write(to: output, replaces: true)
    } throws: {
      "\($0)".contains("most were never written; where only the first rows are filled")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["x.h5", "y.h5"])
  }

  @Test func datasetsMayBeImages() throws {
    let file = try ImportedFile(request("image_datasets.h5") { $0.identityRule = .filename })
    #expect(file.identity == Planted.identity && file.filename == Planted.images)
    #expect(file.vectors == Planted.vectors)
  }

  /// As savetxt and pandas write them.
  @Test func wholeNumbersAsFloatsAreTheirLabels() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func identities(_ labels: [String]) throws -> [String]? {
      let path = folder.appendingPathComponent("ids.csv").path
      try labels.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      return try ImportedFile(request("f4.npy") { $0.identity = [path] }).identity
    }
    let floats = (0..<12).map { String(format: "%.18e", Double($0 / 3)) }
    #expect(try identities(floats) == perPerson(["0", "1", "2", "3"]))
    #expect(try identities((0..<12).map { "\($0 / 3).0" }) == perPerson(["0", "1", "2", "3"]))
    // Fractions stay what they are.
    let others = (0..<12).map { $0 < 9 ? "\($0 / 3).5" : "1.500000000000000000e+00" }
    #expect(try identities(others) == others)
  }

  @Test func vectorsThatAreNoNumbersAreCounted() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.csv").path
    try "identity,e0,e1\na,1,2\nb,nan,2\nc,1,inf\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    let lines = try ImportRequest([path]).write(to: folder.appendingPathComponent("y.h5").path)
    #expect(
      lines.last
        == "unusable  2 vectors with values that are no finite numbers, the first in row 1; a spec"
        + " refuses them, or leaves them out with unusable_rows: drop", "\(lines)")
  }

  @Test func groupsNameImages() throws {
    let file = try ImportedFile(request("groups.h5") { $0.identityRule = .group })
    let names = Planted.people.flatMap { person in (0..<3).map { "\(person)/img\($0)" } }
    #expect(file.filename == names)
  }

  @Test func severalFilesAreTakenOneAfterTheOther() throws {
    let file = try ImportedFile(
      request("f4.npy", "f2.npy") {
        $0.identity = [fixture("ids.npy"), fixture("ids_bytes.npy")]
      })
    let (vectors, people) = (Planted.vectors, Planted.identity)
    #expect(file.vectors == vectors + vectors)
    #expect(file.identity == people + people)
  }

  @Test func furtherLabelsGetTheNamesAskedFor() throws {
    let file = try ImportedFile(
      request("pytables_table.h5") { $0.attributes = ["n": "faces/n"] })
    #expect(file.labels["n"] == perPerson(["0", "1", "2", "3"]))
    let ages = (0..<12).map { (row: Int) -> String in
      row % 2 == 0 ? "\(row / 2)" : "\(Double(row) / 2)"
    }
    #expect(try ImportedFile(request("packed.npz")).labels["age"] == ages)
  }

  @Test func sourceDigestsAndCountsStandInTheFile() throws {
    let file = try ImportedFile(
      request("h5py_transposed.h5") {
        $0.isTransposed = true
        $0.genderCodes = GenderCodes(male: ["TRUE"], female: ["FALSE"])
        $0.dataset = "Four"
      })
    #expect(file.attributes["source"] == "Harness import of h5py_transposed.h5")
    #expect(file.attributes["source_sha256"]?.hasSuffix(" h5py_transposed.h5") == true)
    #expect(file.attributes["dataset"] == "Four")
    #expect(file.attributes["model"] == "a network")
    #expect(file.attributes["images"] == "12")
    #expect(file.attributes["subjects"] == "4")
    #expect(file.attributes["subjects_male"] == "2")
    #expect(file.attributes["subjects_female"] == "2")
    #expect(file.attributes["subjects_unlabelled"] == "0")
    #expect(!file.attributes.values.contains { $0.contains("/Fixtures/") })
  }

  @Test func theFolderOfThePublicCodeComesIn() throws {
    let found = try OfficialLayout(folder: fixture("official")).datasets()
    #expect(found.map(\.filename) == ["adience_arcface.h5", "lfw_arcface.h5"])
    let adience = try ImportedFile(found[0].request)
    #expect(adience.vectors == Planted.vectors && adience.identity == Planted.identity)
    #expect(adience.gender == Planted.gender && adience.filename == Planted.images)
    #expect(adience.labels["age"]?[1] == "21.5")
    let lfw = try ImportedFile(found[1].request)
    #expect(lfw.gender == Planted.gender && lfw.filename == nil)
    #expect(lfw.attributes["model"] == "arcface")
  }
}
