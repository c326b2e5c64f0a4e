import ArgumentParser
import Specs

/// `Harness help`: of a command, as usual, or of the keys of a spec.
struct Help: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show help of a command, or of the keys of a spec.",
    discussion: """
      Examples:
        Harness help run
        Harness help spec
        Harness help spec kde
      """)

  @Argument(help: ArgumentHelp("A command; or 'spec' and a section.", valueName: "topic"))
  var topics: [String] = []

  func validate() throws {
    guard let first = topics.first else { return }
    let most = first == "spec" ? 2 : 1
    if topics.count > most {
      throw ValidationError(
        "'\(topics[most])' is one topic too many; expected 'help \(first)\(first == "spec" ? " SECTION" : "")'"
      )
    }
    if first == "spec" {
      guard topics.count == 2, SpecReference().sections(under: topics[1]) == nil else { return }
      throw ValidationError(SpecReference().unknown(topics[1]))
    }
    guard Self.command(first) == nil else { return }
    let known = Harness.configuration.subcommands.map { $0._commandName } + ["spec"]
    throw ValidationError("unknown topic '\(first)'\(suggestion(for: first, among: known))")
  }

  func run() {
    let reference = SpecReference()
    switch topics.first {
    case nil: print(Harness.helpMessage())
    case "spec"?:
      print(
        topics.count == 1
          ? reference.overview : SpecReference.text(reference.sections(under: topics[1]) ?? []),
        terminator: "")
    case let name?:
      if let command = Self.command(name) { print(Harness.helpMessage(for: command)) }
    }
  }

  private static func command(_ name: String) -> (any ParsableCommand.Type)? {
    Harness.configuration.subcommands.first { $0._commandName == name }
  }
}
