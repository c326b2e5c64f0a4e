import Configurations
import Files
import Foundation
import Specs

/// Follows `extends`, and lays the extending file over the extended one.
///
/// Override semantics: mappings are merged key by key, to any depth; every other value (a list too)
/// replaces the inherited one. `partition` is one decision and is replaced whole.
package struct SpecInheritance {
  /// Top-level keys that are replaced even though they are mappings.
  package static let replacedWhole: Set<String> = ["partition"]

  private(set) var problems: [SpecProblem] = []
  /// Files in the order they were read, the spec itself first.
  private(set) var files: [String] = []

  /// Reads the file and all it extends.
  ///
  /// - Returns: the merged tree, or nil where a file could not be read or made sense of.
  package mutating func load(_ file: String) -> SpecNode? {
    load(file, from: nil, chain: [])
  }

  private mutating func report(_ location: SourceLocation, _ message: String) {
    problems.append(SpecProblem(at: location, message))
  }

  private mutating func load(
    _ file: String, from referrer: (location: SourceLocation, name: String)?, chain: [String]
  ) -> SpecNode? {
    let identity = URL(fileURLWithPath: file).standardizedFileURL.resolvingSymlinksInPath().path
    if let referrer, chain.contains(identity) {
      report(
        referrer.location,
        "'extends: \(referrer.name)' closes a circle: \((files + [file]).joined(separator: " -> "))"
      )
      return nil
    }
    guard let bytes = read(file, from: referrer) else { return nil }
    files.append(file)
    let (root, found) = SpecDocument.read(bytes, file: file)
    problems += found
    guard let root else { return nil }
    guard let entries = root.entries else {
      report(root.location, "the spec is \(root.kind), expected a mapping of keys to values")
      return nil
    }
    guard let extends = entries.first(where: { $0.key == "extends" }) else { return root }
    let own = SpecNode(
      location: root.location, content: .mapping(entries.filter { $0.key != "extends" }))
    guard case .scalar(let name, _) = extends.value.content, !SpecNode.isNull(name) else {
      report(
        extends.value.location,
        "'extends' is \(extends.value.kind), expected the name of a spec file beside this one")
      return own
    }
    let folder = (file as NSString).deletingLastPathComponent
    let base = name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
    guard
      let inherited = load(
        base, from: (extends.value.location, name), chain: chain + [identity])
    else { return nil }
    return inherited.overridden(by: own, whole: Self.replacedWhole)
  }

  private mutating func read(
    _ file: String, from referrer: (location: SourceLocation, name: String)?
  ) -> Data? {
    let location = referrer?.location ?? SourceLocation(file: file)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
    if exists && isFolder.boolValue {
      report(location, "'\(file)' is a folder, expected a spec file")
      return nil
    }
    guard exists else {
      let folder = (file as NSString).deletingLastPathComponent
      let beside =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
      let name = (file as NSString).lastPathComponent
      let hint = nearestName(to: name, among: beside.filter { $0.hasSuffix(".yaml") })
        .map { "; did you mean '\($0)'?" }
      let subject = referrer.map { "'extends: \($0.name)'" } ?? "spec file '\(file)'"
      report(location, "\(subject) does not exist\(hint ?? "")")
      return nil
    }
    do {
      return try RegularFile.read(file)
    } catch {
      report(location, "'\(file)' cannot be read: \(error.reason)")
      return nil
    }
  }
}
