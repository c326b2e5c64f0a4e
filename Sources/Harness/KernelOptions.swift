import ArgumentParser
import Foundation
import Kernels

/// The instruction set of the kernels, for commands that train or score.
struct KernelOptions: ParsableArguments {
  @Option(
    help: """
      Instruction set of the kernels: baseline, avx2 or avx512 (default: the widest of this machine); \
      MOTE_CPU_PATH does the same.
      """, completion: .list(CPUPath.allCases.map(\.name)))
  var cpuPath: String?

  /// Applies the choice, to this process and to those that it starts.
  func validate() throws {
    do {
      if let cpuPath {
        try CPUPath.force(cpuPath)
        setenv(CPUPath.environmentVariable, cpuPath, 1)
      } else {
        try CPUPath.checkEnvironment()
      }
    } catch let error as CPUPathError {
      throw ValidationError(
        cpuPath == nil ? "\(CPUPath.environmentVariable): \(error)" : "--cpu-path: \(error)")
    }
  }
}
