package dev.holdfast.testkit.fuzz;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Configurations that somebody wrote. */
final class ConfigTarget {

    private ConfigTarget() {}

    private interface Reading {
        Config read(InputStream in, Surroundings surroundings);
    }

    static void takeXml(byte[] input) {
        take(input, Config::fromXml);
    }

    static void takeYaml(byte[] input) {
        take(input, Config::fromYaml);
    }

    static void takeHazelcastXml(byte[] input) {
        take(input, Config::fromHazelcastXml);
    }

    private static void take(byte[] input, Reading reading) {
        Config config;
        try {
            config = reading.read(new ByteArrayInputStream(input), Surroundings.none());
        } catch (ConfigurationException e) {
            Target.check(!e.problems().isEmpty(), "refused, and nothing is wrong");
            return;
        }
        String xml = config.toXml();
        String yaml = config.toYaml();
        Target.check(again(xml, Config::fromXml).toXml().equals(xml), "another one from its XML: " + xml);
        Target.check(again(yaml, Config::fromYaml).toYaml().equals(yaml), "another one from its YAML: " + yaml);
    }

    private static Config again(String text, Reading reading) {
        return reading.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Surroundings.none());
    }
}
