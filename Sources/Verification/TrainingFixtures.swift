/// Fixture kinds of the Training stage.
let trainingFixtureKinds: [FixtureKind] = []
