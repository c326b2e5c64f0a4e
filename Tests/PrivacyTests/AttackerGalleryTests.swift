import AttackReports
import Configurations
import Datasets
import Privacy
import Testing

@Suite struct AttackerGalleryTests {
  /// 8 men, 5 women, 2 unlabelled.
  private var genders: [Gender] {
    (0..<15).map { $0 < 8 ? .male : $0 < 13 ? .female : .unlabelled }
  }

  @Test func galleryIsBalancedDisjointAndWithoutUnlabelledSubjects() throws {
    let set = embeddingSet(genders: genders)
    let labels = try AttributeLabels(of: set)
    let gallery = try AttackerGallery.draw(
      from: set, labels: labels, excluding: ["s0", "s9"], size: .available(limit: 500), seed: 1)
    #expect(gallery.groups == ["male", "female"])
    #expect(gallery.count == 8)
    #expect(gallery.groupOfSample == [0, 1, 0, 1, 0, 1, 0, 1])
    #expect(Set(gallery.rows).count == 8)
    #expect(Set(gallery.rows).isDisjoint(with: [0, 9, 13, 14]))
    for (i, row) in gallery.rows.enumerated() {
      #expect(genders[Int(row)] == (gallery.groupOfSample[i] == 0 ? .male : .female))
      #expect(Array(gallery.vectors[row: i]) == Array(set.vectors[row: Int(row)]))
    }
    #expect(gallery.prefix(perGroup: 2) == [0, 1, 2, 3])
  }

  @Test func aLargerGalleryThanAvailableIsAnError() throws {
    let set = embeddingSet(genders: genders, dataset: "LFW")
    let labels = try AttributeLabels(of: set)
    let error = PrivacyError.galleryTooLarge(
      dataset: "LFW", group: "female", requested: 6, available: 5)
    #expect(throws: error) {
      try AttackerGallery.draw(
        from: set, labels: labels, excluding: [], size: .exactly(6), seed: 1)
    }
    #expect(
      "\(error)"
        == "LFW: attacker gallery of 6 subjects per group requested, but only 5 subjects of group "
        + "'female' are free of targets and training subjects; lower the size or name another "
        + "dataset for the attacker")
  }

  @Test func anEmptyGalleryIsAnError() throws {
    let set = embeddingSet(genders: genders)
    let labels = try AttributeLabels(of: set)
    #expect(throws: PrivacyError.galleryEmpty(dataset: "Test", group: "female")) {
      try AttackerGallery.draw(
        from: set, labels: labels, excluding: Set((8..<13).map { "s\($0)" }),
        size: .available(limit: 9), seed: 1)
    }
  }

  @Test func labelsThatPrintAlikeAreAnError() {
    #expect(
      throws: PrivacyError.alikeLabels(dataset: "Test", attribute: "race", labels: ["A ", "a"])
    ) {
      try AttributeLabels(
        "race", of: embeddingSet(genders: [.male, .male], attributes: ["race": ["a", "A "]]))
    }
  }

  @Test func dataWithoutGenderLabelsOrWithOneGenderIsAnError() {
    #expect(throws: PrivacyError.noLabels(dataset: "Test", attribute: "gender")) {
      try AttributeLabels(of: embeddingSet(genders: [.unlabelled, .unlabelled]))
    }
    let error = PrivacyError.oneGroupOnly(
      dataset: "Test", attribute: "gender", group: "male", subjects: 2)
    #expect(throws: error) {
      try AttributeLabels(of: embeddingSet(genders: [.male, .male, .unlabelled]))
    }
    #expect(
      "\(error)"
        == "Test: all 2 labelled subjects have gender 'male'; an attack on 'gender' needs two groups"
    )
    #expect(
      throws: PrivacyError.attributeMissing(dataset: "Test", attribute: "age", known: ["race"])
    ) {
      try AttributeLabels(
        "age", of: embeddingSet(genders: [.male], attributes: ["race": ["a"]]))
    }
  }

  @Test func severalGroupsAskOneQuestionEach() throws {
    let ages = ["(0, 2)", "(25, 32)", "None", "(4, 6)", "(25, 32)"]
    let set = embeddingSet(
      genders: [.male, .male, .female, .male, .female], attributes: ["age": ages])
    let labels = try AttributeLabels("age", of: set)
    #expect(labels.groups == ["(0, 2)", "(25, 32)", "(4, 6)"])
    #expect(labels.groupOfRow == [0, 1, -1, 2, 1])
    #expect(labels.questions.map(\.second) == ["not (0, 2)", "not (25, 32)", "not (4, 6)"])
    let gallery = try AttackerGallery.draw(
      from: set, labels: labels, excluding: [], size: .available(limit: 1), seed: 2)
    #expect(gallery.isFirst(labels.questions[1]) == [false, true, false])
    #expect(
      try AttributeLabels(of: set).questions == [
        BinaryQuestion(first: "male", second: "female", firstGroup: 0)
      ])
  }
}
