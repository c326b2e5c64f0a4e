import ArgumentParser
import Foundation

/// Options that hold one value and are given twice: the parser would take the last silently.
enum RepeatedOptions {
  /// - Parameter arguments: of the command line, without the program.
  /// - Throws: `ValidationError` for the first such option.
  static func check(_ arguments: [String]) throws {
    let names = arguments.prefix { $0 != "--" }.compactMap(name)
    // What follows is looked at only where a name comes twice, or an option may have two names.
    let areDistinct = Set(names).count == names.count
    if areDistinct, !names.contains(where: { $0.count == 2 }) { return }
    guard let word = arguments.first,
      let command = try commands().first(where: { $0.commandName == word })
    else { return }
    for option in command.arguments ?? [] where option.kind == "option" && !option.isRepeating {
      let own = (option.names ?? []).map(\.typed)
      let given = names.filter(own.contains)
      if given.count > 1 {
        throw ValidationError("'\(given[0])' is given \(given.count) times; it holds one value")
      }
    }
  }

  /// "--maps" of "--maps", "--maps=a"; nil: no option.
  private static func name(_ argument: String) -> String? {
    guard argument.hasPrefix("-"), argument.count > 1, Double(argument) == nil else { return nil }
    return argument.split(separator: "=", maxSplits: 1).first.map(String.init)
  }

  /// The commands, as the parser describes them.
  private static func commands() throws -> [Description] {
    try JSONDecoder().decode(Tree.self, from: Data(Harness._dumpHelp().utf8)).command.subcommands
  }

  private struct Tree: Decodable {
    struct Root: Decodable { let subcommands: [Description] }
    let command: Root
  }

  private struct Description: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String

        var typed: String { (kind == "long" ? "--" : "-") + name }
      }
      let kind: String
      let isRepeating: Bool
      let names: [Name]?
    }
    let commandName: String
    let arguments: [Argument]?
  }
}
