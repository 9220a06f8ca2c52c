package entrepot.runtime.skills;

import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import java.nio.file.Path;

class PostgresSkillsTest extends SkillsContract {

    @Override
    Database open(Path folder) {
        return TestDatabases.postgres();
    }
}
