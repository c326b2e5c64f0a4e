/// Fixture kinds of the Explain stage.
let explainFixtureKinds: [FixtureKind] = []
