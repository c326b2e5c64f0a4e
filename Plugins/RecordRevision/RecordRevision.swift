import Foundation
import PackagePlugin

/// Writes a Swift file that says which revision of the sources a build was made from, and with which
/// versions of the packages it depends on.
///
/// A build command, not a prebuild command: those run only when the build is planned anew, so that a
/// commit would go unnoticed. This one runs again when a source, the manifest or git's HEAD changes.
@main
struct RecordRevision: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let root = context.package.directoryURL
    let script = root.appending(path: "Plugins/RecordRevision/revision.sh")
    let output = context.pluginWorkDirectoryURL.appending(path: "RecordedBuild.swift")
    let modules = context.package.targets.compactMap { $0 as? SourceModuleTarget }
      .filter { $0.kind != .test }
    var inputs = [script, root.appending(path: "Package.swift")]
    inputs += modules.flatMap { module in module.sourceFiles.map(\.url) }
    inputs += headOfGit(in: root)
    return [
      .buildCommand(
        displayName: "Recording the revision", executable: URL(filePath: "/bin/sh"),
        arguments: [
          script.path(percentEncoded: false), root.path(percentEncoded: false),
          output.path(percentEncoded: false),
        ] + versions(context.package),
        inputFiles: inputs, outputFiles: [output])
    ]
  }

  /// "yams 6.2.2" and so on: the packages that libraries are taken from, as resolved.
  private func versions(_ package: Package) -> [String] {
    package.dependencies.map(\.package).compactMap { dependency in
      guard case .repository(_, let version, _) = dependency.origin,
        dependency.products.contains(where: { $0 is LibraryProduct })
      else { return nil }
      return "\(dependency.id) \(version)"
    }
  }

  /// The file that git changes with every commit and checkout; none where there is no git.
  private func headOfGit(in root: URL) -> [URL] {
    for name in ["logs/HEAD", "HEAD"] {
      guard let path = git(["rev-parse", "--git-path", name], in: root) else { return [] }
      let file = URL(filePath: path, relativeTo: root).absoluteURL
      if FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) { return [file] }
    }
    return []
  }

  /// Output of a git command; nil when it fails or git is missing.
  private func git(_ arguments: [String], in folder: URL) -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder.path(percentEncoded: false)] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text.trimmingCharacters(in: .newlines) : nil
  }
}
