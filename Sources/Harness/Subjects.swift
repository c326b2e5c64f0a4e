import ArgumentParser
import Experiments
import Files
import Foundation
import Reports
import Results

extension SubjectOrder: ExpressibleByArgument {}

/// `Harness subjects EXPERIMENT`: whose the errors are, and what data and training show of them.
struct Subjects: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List people by their errors, with what data and training show of them.",
    discussion: """
      Reads what a run keeps of each person beside its records; trains nothing, needs no data. For
      every cell it prints the first people and, in a sentence, what holds of all: errors, the largest
      share of one person, what a guard did; then how people with and without false non-matches differ
      in data, training and reference. Epochs are counted from 1.
      With --output everybody goes to a CSV file.

      Examples:
        Harness subjects smoke
        Harness subjects experiments/lfw-half.yaml --sort false-matches --top 10
        Harness subjects lfw-half --cell LFW_ArcFace_mote_paper_f0.5_r0 --output people.csv
      """)

  @Argument(help: "Name of an experiment, its spec file, or its results folder.")
  var experiment: String

  @Option(help: "Cell, as its record's file is named; repeatable. Default: all.")
  var cell: [String] = []

  @Option(help: "Convention of the errors. Default: the first of the spec.")
  var convention: String?

  @Option(help: "FMR target of the errors. Default: 1e-3, else the first of the spec.")
  var target: Double?

  @Option(help: "What people are sorted by.")
  var sort = SubjectOrder.errors

  @Option(help: "People to print of each cell.")
  var top = 20

  @Option(name: .shortAndLong, help: "CSV file for all people of the cells.", completion: .file())
  var output: String?

  @Flag(help: "Replace a file at --output that is not such a list.")
  var force = false

  @Option(help: "Folder that holds the results of all experiments.", completion: .directory)
  var results = "results"

  func validate() throws {
    if top < 1 { throw ValidationError("--top is \(top), expected 1 or more") }
  }

  func run() throws {
    do {
      let folder = try resultsFolder(
        of: experiment, in: URL(fileURLWithPath: results, isDirectory: true))
      if let output {
        let kept =
          FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?
          .compactMap { ($0 as? URL)?.path } ?? []
        try OutputFile.check(
          output, inputs: kept, replaces: force || OutputFile.begins(output, with: SubjectCSV.head))
      }
      let lists = try SubjectList.all(
        in: folder, cells: cell, convention: convention, target: target, order: sort)
      let tables = lists.flatMap { [$0.table(top: top), $0.contrast()].compactMap { $0 } }
      print(MarkdownWriter.text(tables), terminator: "")
      if let output {
        try AtomicFile.write(Data(SubjectCSV.text(lists).utf8), to: output)
        Console.standardError.line("wrote \(output)")
      }
    } catch let error as OutputError {
      throw failure(error, code: 64)
    } catch {
      throw failure(error, code: 65)
    }
  }
}
