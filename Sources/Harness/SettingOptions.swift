import ArgumentParser
import SpecFiles
import Specs

/// Keys of a spec that are set on the command line.
struct SettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      """
      Set a key of the spec, e.g. training.batch_size=64; repeatable. Several values (a,b) are the list \
      of a key that holds one; of training, kde, limits.cohort_subjects and protocol.reference they \
      become a switch of 'readings' with an option each.
      """, valueName: "key=value"))
  var set: [String] = []

  /// What is set; problems are printed and end the command with code 65.
  func all() throws -> [SpecSetting] {
    do throws(SpecError) {
      return try SpecSetting.all(set)
    } catch {
      throw failure(error, code: 65)
    }
  }
}
