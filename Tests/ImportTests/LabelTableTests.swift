import Configurations
import Foundation
import Import
import TestSupport
import Testing

/// Labels from files of their own.
@Suite struct LabelTableTests {
  @Test func labelsAreJoinedByFileName() throws {
    let file = try ImportedFile(
      request("f4.npy") {
        $0.filename = [fixture("images.npy")]
        $0.tables = [fixture("labels.csv")]
      })
    #expect(file.identity == Planted.identity)
    #expect(file.gender == Planted.gender)
    let ages = (20..<32).map { "\($0)" }
    #expect(file.labels["age"] == ages)
    let names = Planted.images.map { "faces\\" + $0 }
    #expect(file.filename == names)
  }

  @Test func labelsAreJoinedByPerson() throws {
    let file = try ImportedFile(
      request("f4.npy") {
        $0.filename = [fixture("images.npy")]
        $0.identityRule = .filename
        $0.tables = [fixture("people.csv")]
        $0.join = .identity
      })
    #expect(file.identity == Planted.identity)
    #expect(file.gender == perPerson(["F", "M", "F", "U"]))
  }

  @Test func listsOfNamesTellGenders() throws {
    let file = try ImportedFile(
      request("f4.npy") {
        $0.identity = [fixture("ids.txt")]
        $0.maleLists = [fixture("men.txt")]
        $0.femaleLists = [fixture("women.txt")]
      })
    // Zoë stands in both lists.
    #expect(file.gender == perPerson(["F", "M", "U", "M"]))
  }

  @Test func foldsOfAdienceNameFaces() throws {
    let file = try ImportedFile(
      request("f4.npy") {
        $0.filename = [fixture("adience_images.npy")]
        $0.tables = [fixture("fold_0_data.txt"), fixture("fold_1_data.txt")]
      })
    #expect(file.identity == perPerson(["1", "2", "3", "4"]))
    #expect(file.gender == perPerson(["F", "M", "U", "F"]))
    #expect(file.labels["age"]?.first == "(25, 32)")
  }

  @Test func vectorsThatATableDoesNotNameAreLeftOutWhereAskedFor() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = folder.appendingPathComponent("some.csv").path
    try "image,person\nAnn_0002,Ann\n李_0001.png,Li\n"
      .write(toFile: table, atomically: true, encoding: .utf8)
    var wanted = request("f4.npy") {
      $0.filename = [fixture("images.npy")]
      $0.tables = [table]
    }
    #expect(
      failure(wanted)
        == "\(table): names 2 of 12 images; it lacks 'faces\\Ann_0001.jpg', 'faces\\Ann_0003.jpg', "
        + "'faces\\Bob_0001.jpg' and 7 more; leave these vectors out with --drop-unmatched")
    wanted.dropsUnmatched = true
    let file = try ImportedFile(wanted)
    #expect(file.identity == ["Ann", "Li"])
    let rows = Array(Planted.vectors[8..<16]) + Array(Planted.vectors[72..<80])
    #expect(file.vectors == rows)
  }

  @Test(arguments: [
    (IdentityRule.filename, "a/Ann_Lee_0001.jpg", "Ann_Lee"), (.folder, "a\\1.jpg", "a"),
    (.prefix, "00001_930831_fa.png", "00001"), (.prefix, "009055-1M54.JPG", "009055"),
  ])
  func namesOfImagesTellThePerson(_ rule: IdentityRule, _ name: String, _ person: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let vectors = folder.appendingPathComponent("x.csv").path
    try "file,f0,f1\n\(name),1,2\n".write(toFile: vectors, atomically: true, encoding: .utf8)
    var request = ImportRequest([vectors])
    request.identityRule = rule
    #expect(try ImportedFile(request).identity == [person])
  }

  @Test func wordsOfGenderAreKnownAndNumbersAreNot() {
    #expect(
      failure(
        request("f4.npy") {
          $0.identity = [fixture("ids.npy")]
          $0.gender = [fixture("gender_int.npy")]
        })
        == "gender_int.npy: has 2 gender codes of unknown meaning: '-1' (6), '1' (6); say "
        + "which is which, e.g. --male=-1 --female 1")
  }
}
