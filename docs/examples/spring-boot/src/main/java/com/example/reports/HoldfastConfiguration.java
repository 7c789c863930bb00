package com.example.reports;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HoldfastConfiguration {

    /** What tasks find in their user context. They are stored, beans are not: a task names what it needs. */
    static final String RENDERER = "renderer";

    /**
     * The node. It is closed with the context: running tasks get {@code shutdown-grace} to finish, what is left runs again
     * at the next start.
     */
    @Bean
    HoldfastInstance holdfast(
            Renderer renderer,
            @Value("${reports.data}") Path data,
            @Value("${reports.shutdown-grace}") Duration shutdownGrace) {
        Config config = new Config()
                .setAutoStart(false)
                .setShutdownGrace(shutdownGrace)
                .setClassLoader(getClass().getClassLoader()) // with spring-boot-devtools another one than the libraries'
                .addDurableExecutorConfig(new DurableExecutorConfig("reports").setPoolSize(4));
        config.getStorageConfig().setDirectory(data);
        config.getUserContext().put(RENDERER, renderer);
        return Holdfast.newInstance(config);
    }

    /** Spring calls its {@code close()} when the context is closed, which does nothing: the executor outlives the process. */
    @Bean
    DurableExecutorService reports(HoldfastInstance holdfast) {
        return holdfast.getDurableExecutorService("reports");
    }

    /** Tasks that were recovered use beans: nothing runs before all of them are there. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> startOfTasks(HoldfastInstance holdfast) {
        return event -> holdfast.start();
    }
}
