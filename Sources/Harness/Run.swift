import ArgumentParser
import Experiments
import Foundation
import Records
import Specs

/// `Harness run SPEC`: everything an experiment asks for, from data to tables.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run an experiment: enrol, compare, evaluate, write tables and figures.",
    discussion: """
      What is there already is kept: a cell is evaluated again only when the spec, the data, the code,
      the kernels or the libraries that affect it have changed, and the reason is printed. What an
      earlier spec left (records, model-templates, tables, figures) is set aside or removed. An
      interrupted run goes on where it stopped. Results do not depend on the number of workers.

      With --shard only a share of the units is scored, into a results folder of its own; 'Harness
      merge' joins the shards and evaluates.

      Exit codes: 0 done, 1 some units failed or the results folder cannot be used, 64 bad command
      line, 65 bad spec or data, 70 internal error, 130 and 143 interrupted.

      Examples:
        Harness run experiments/table2.yaml
        Harness run experiments/smoke.yaml --workers 2 --results /scratch/results
        Harness run experiments/table2.yaml --shard 0/4 --results results/shards/0
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var execution: RunExecution
  @OptionGroup var kernels: KernelOptions

  @Flag(help: "Stop at the first unit that fails.")
  var failFast = false

  @Option(help: "Do share i of n only, e.g. 0/4; i counts from 0.")
  var shard: Shard?

  func run() throws {
    try execution.carryOut(spec, failsFast: failFast, shard: shard) { try $0.run() }
  }
}

/// `Harness merge SPEC FOLDERS…`: the shards of an experiment become one result.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Join the shards of an experiment, evaluate, write tables and figures.",
    discussion: """
      Takes the results folders of the shards, checks that they were made from this spec, these data
      and this code, takes over their scores and evaluates them; tables are those of the unsharded
      run, byte for byte. Units that no shard has are listed, and nothing is evaluated then. Shards
      are left as they are.

      Example:
        Harness merge experiments/table2.yaml results/shards/0 results/shards/1
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var execution: RunExecution
  @OptionGroup var kernels: KernelOptions

  @Argument(help: "Results folders of the shards.", completion: .directory)
  var folders: [String]

  @Flag(help: "Accept shards made with other library versions or CPU kernels; records say so.")
  var allowMixedVersions = false

  func run() throws {
    try execution.carryOut(spec, failsFast: false, shard: nil) {
      try $0.merge(folders, allowsMixedVersions: allowMixedVersions)
    }
  }
}

extension Shard: ExpressibleByArgument {
  /// From "2/8".
  public init?(argument: String) { self.init(argument) }
}
