/// Fixture kinds of the Privacy stage.
let privacyFixtureKinds: [FixtureKind] = []
