import Files

/// SHA-256 over the inputs of a record that is made apart from runs, the versions of the stages and the
/// libraries.
package func inputHash(of inputs: some Encodable, versions: [String: String]) -> String {
  SHA256.hex(of: canonicalJSON(HashedInputs(inputs: inputs, versions: versions)))
}

private struct HashedInputs<Inputs: Encodable>: Encodable {
  let inputs: Inputs
  let versions: [String: String]
}
