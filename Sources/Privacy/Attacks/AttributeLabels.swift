import AttackReports
import Configurations
import Datasets

/// One labelled attribute of a dataset: gender, or a further column such as age or ethnicity.
package struct AttributeLabels: Sendable, Equatable {
  /// "gender" or the column's name.
  package let attribute: String
  package let dataset: String
  /// The groups that occur: male before female, otherwise in ascending order of the label.
  package let groups: [String]
  /// Group of each row, an index into `groups`; -1 where there is no label.
  package let groupOfRow: [Int]

  package init(attribute: String, dataset: String, groups: [String], groupOfRow: [Int]) {
    self.attribute = attribute
    self.dataset = dataset
    self.groups = groups
    self.groupOfRow = groupOfRow
  }

  /// Labels of one attribute.
  ///
  /// - Throws: `PrivacyError.attributeMissing`, `.alikeLabels`, `.noLabels` or `.oneGroupOnly`.
  package init(_ attribute: String = "gender", of set: EmbeddingSet) throws {
    var names: [String?]
    if attribute == "gender" {
      names = set.subjectOfRow.map {
        let gender = set.genderOfSubject[Int($0)]
        return gender == .unlabelled ? nil : gender.name
      }
    } else if let column = set.attributes[attribute] {
      let missing: Set<String> = ["", "U", "None", "unknown", "nan", "NaN"]
      names = column.map { missing.contains($0) ? nil : $0 }
    } else {
      throw PrivacyError.attributeMissing(
        dataset: set.dataset, attribute: attribute, known: set.attributes.keys.sorted())
    }
    let present = Set(names.compactMap { $0 })
    let groups =
      attribute == "gender"
      ? [Gender.male.name, Gender.female.name].filter(present.contains) : present.sorted()
    if let alike = alikeLabels(groups, spellingKey).first {
      throw PrivacyError.alikeLabels(dataset: set.dataset, attribute: attribute, labels: alike)
    }
    guard let first = groups.first else {
      throw PrivacyError.noLabels(dataset: set.dataset, attribute: attribute)
    }
    if groups.count == 1 {
      let subjects = Set(names.indices.filter { names[$0] != nil }.map { set.subjectOfRow[$0] })
      throw PrivacyError.oneGroupOnly(
        dataset: set.dataset, attribute: attribute, group: first, subjects: subjects.count)
    }
    let number = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
    self.init(
      attribute: attribute, dataset: set.dataset, groups: groups,
      groupOfRow: names.map { $0.flatMap { number[$0] } ?? -1 })
  }

  /// The binary questions an attribute asks: one for two groups, one-versus-rest for more.
  package var questions: [BinaryQuestion] {
    groups.count == 2
      ? [BinaryQuestion(first: groups[0], second: groups[1], firstGroup: 0)]
      : groups.indices.map {
        BinaryQuestion(first: groups[$0], second: "not \(groups[$0])", firstGroup: $0)
      }
  }
}
