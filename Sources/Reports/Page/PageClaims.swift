import Claims
import Configurations
import Results

/// One claim of the first screen: its answer, and the figures of the readings that the answer is told
/// for.
///
/// Those are the answers of the usual convention (for attacks: the cohort as it is), of all places and
/// configurations; where there are none, all answers.
struct ClaimLine {
  let claim: Claim
  /// Answers that the line is made of, in table order.
  let told: [ClaimAnswer]

  /// Lines of the claims that have any record to answer them.
  static func lines(_ answers: [ClaimAnswer]) -> [ClaimLine] {
    answers.map(\.claim).distinct().compactMap { claim in
      let own = answers.filter { $0.claim == claim && !$0.isUnrecorded }
      let usual = own.filter(\.isOfUsualConvention)
      let told = usual.isEmpty ? own : usual
      return told.isEmpty ? nil : ClaimLine(claim: claim, told: told)
    }
  }

  /// Answers that say something, in table order.
  private var given: [ClaimAnswer] { told.filter { $0.estimate != nil && $0.reason == nil } }

  /// Whether any of its answers says something.
  var isAnswered: Bool { !given.isEmpty }

  /// Class and text of the answers: the answer of a single one, else how often each was given.
  var verdict: (name: String, text: String) {
    let counts = AnswerCounts(told)
    let answers = AnswerBadge.all(
      holds: counts.holds, doesNotHold: counts.doesNotHold,
      cannotBeToldApart: counts.cannotBeToldApart, compared: counts.compared,
      notTestable: counts.notTestable)
    let tested = answers.filter { $0.name != "none" }
    let name = tested.count == 1 ? tested[0].name : tested.isEmpty ? "none" : "open"
    return (
      name,
      told.count == 1
        ? answers[0].text : answers.map(\.countedText).joined(separator: ", ")
    )
  }

  /// Where the value must lie, where that is the same for all: "< 0.01 (ours)".
  var regionText: String? {
    let texts = told.map { claim.text(of: $0.region) }.distinct()
    return texts.count == 1 ? texts[0] : nil
  }

  /// The first figures, each with its interval, its answer and what it is of, and how many more there are.
  ///
  /// - Parameter namesPlaces: whether the run has more places than one.
  func figures(_ most: Int, namesPlaces: Bool) -> (
    texts: [(value: String, answer: String, of: String)], more: Int
  ) {
    let found = given
    let texts = found.prefix(most).map { answer in
      let value =
        claim.statistic.text(answer.estimate!)
        + (answer.intervalText.isEmpty ? "" : " \(answer.intervalText)")
      return (
        value, answer.answer.text,
        answer.reading + (namesPlaces ? ", \(answer.dataset) \(answer.extractor)" : "")
      )
    }
    return (texts, found.count - texts.count)
  }
}

extension ClaimAnswer {
  /// Whether it belongs to the convention (the cohort, of attacks) that tables put first.
  var isOfUsualConvention: Bool {
    [ConventionText.usual[0], "cohort-as-is", ""].contains(convention)
  }
}

extension PageContents {
  /// The answers of the first screen as a list, claims without figures below it; empty where no record
  /// answers any claim.
  func claimList() -> String {
    let lines = ClaimLine.lines(answers)
    guard !lines.isEmpty else { return "" }
    let namesPlaces = answers.filter { !$0.isUnrecorded }.map(\.at).distinct().count > 1
    let items = lines.filter(\.isAnswered).map { item($0, namesPlaces: namesPlaces) }
    let without = lines.filter { !$0.isAnswered }
    let unasked = answers.map(\.claim).distinct().filter { claim in
      !lines.contains { $0.claim == claim }
    }
    var rest: [String] = []
    for reason in without.map(\.reasonText).distinct() {
      let ids = without.filter { $0.reasonText == reason }.map(\.claim.id)
      rest.append("<b>\(ids.joined(separator: ", "))</b> not testable: \(reason)")
    }
    if !unasked.isEmpty {
      rest.append(
        "<b>\(unasked.map(\.id).joined(separator: ", "))</b>: nothing was recorded for them")
    }
    return (items.isEmpty ? "" : "<ul class=\"claims\">\n\(items.joined(separator: "\n"))\n</ul>\n")
      + (rest.isEmpty
        ? "" : "<ul class=\"rest\">\(rest.map { "<li>\($0)</li>" }.joined(separator: "\n"))</ul>\n")
  }

  private func item(_ line: ClaimLine, namesPlaces: Bool) -> String {
    let verdict = line.verdict
    let (figures, more) = line.figures(2, namesPlaces: namesPlaces)
    let texts = figures.map {
      "<span class=\"figure\"><b>\(SVGCanvas.escaped($0.value))</b> \(SVGCanvas.escaped($0.of))</span>"
    }
    let region = line.regionText.map { " <small>\(SVGCanvas.escaped($0))</small>" } ?? ""
    return "<li><span class=\"badge \(verdict.name)\">\(verdict.text)</span> "
      + "<span class=\"claim\"><b>\(SVGCanvas.escaped(line.claim.id))</b> "
      + "\(SVGCanvas.escaped(line.claim.sentence))\(region)</span> "
      + "<span class=\"figures\">\(texts.joined(separator: " "))"
      + (more > 0 ? " <a class=\"more\" href=\"#claims\">and \(more) more</a>" : "")
      + "</span></li>"
  }
}

extension ClaimLine {
  /// Why it has no answer, in HTML: the first reason, and how many others there are.
  fileprivate var reasonText: String {
    let reasons = told.compactMap(\.reason).distinct()
    guard let first = reasons.first else { return "" }
    return SVGCanvas.escaped(first)
      + (reasons.count > 1 ? " (and \(counted(reasons.count - 1, "other reason")))" : "")
  }
}
