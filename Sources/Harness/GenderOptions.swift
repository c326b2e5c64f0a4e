import ArgumentParser
import Configurations

/// What a file's codes of gender mean, of commands that never guess it.
struct GenderOptions: ParsableArguments {
  @Option(parsing: .unconditionalSingleValue, help: "Gender code that means male; repeatable.")
  var male: [String] = []

  @Option(parsing: .unconditionalSingleValue, help: "Gender code that means female; repeatable.")
  var female: [String] = []

  @Option(
    parsing: .unconditionalSingleValue, help: "Gender code that means unlabelled; repeatable.")
  var unlabelled: [String] = []

  var codes: GenderCodes { GenderCodes(male: male, female: female, unlabelled: unlabelled) }

  func validate() throws {
    if let code = codes.contradiction {
      throw ValidationError("the gender code '\(code)' is given two meanings; name each once")
    }
  }
}
