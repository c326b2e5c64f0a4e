import Claims

/// How often an answer was given, with the class that its badge has in the style sheet.
struct AnswerBadge {
  let count: Int
  let name: String
  let text: String

  private typealias Answer = ClaimAnswer.Answer

  /// Badges of the answers that were given, in the order of tables.
  static func all(
    holds: Int, doesNotHold: Int, cannotBeToldApart: Int, compared: Int = 0, notTestable: Int
  ) -> [AnswerBadge] {
    [
      AnswerBadge(count: holds, name: "holds", text: Answer.holds.text),
      AnswerBadge(count: doesNotHold, name: "fails", text: Answer.doesNotHold.text),
      AnswerBadge(count: cannotBeToldApart, name: "open", text: Answer.cannotBeToldApart.text),
      AnswerBadge(count: compared, name: "none", text: Answer.compared.text),
      AnswerBadge(count: notTestable, name: "none", text: Answer.notTestable("").text),
    ].filter { $0.count > 0 }
  }

  /// "3 × holds".
  var countedText: String { "\(count) × \(text)" }
}
