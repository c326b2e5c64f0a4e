/// Fixture kinds of the Biometrics stage.
let biometricsFixtureKinds: [FixtureKind] = []
