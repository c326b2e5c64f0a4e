import Testing

/// `Harness help`.
@Suite(.enabled(if: harness != nil)) struct HelpTests {
  @Test func helpOfASectionListsItsKeys() throws {
    let (code, text) = try run("help", "spec", "bootstrap")
    #expect(code == 0)
    #expect(text.contains("replicates") && text.contains("default: 1000"))
    let (whole, overview) = try run("help", "spec")
    #expect(whole == 0 && overview.contains("attack.gallery"))
  }

  @Test func helpOfACommandIsItsUsage() throws {
    let (code, text) = try run("help", "plan")
    #expect(code == 0 && text.contains("USAGE: ") && text.contains("--workers"))
  }

  @Test func unknownTopicsAreErrorsThatNameTheNearest() throws {
    let (code, text) = try run("help", "spec", "bootstrp")
    #expect(code == 64)
    #expect(text.contains("unknown section 'bootstrp'; did you mean 'bootstrap'?"))
    let (other, topic) = try run("help", "rum")
    #expect(other == 64 && topic.contains("unknown topic 'rum'; did you mean 'run'?"))
  }
}
