package dev.holdfast;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ServedNode;
import java.util.List;

/** A client, and the node's port that it goes through. */
final class ClientOfNode implements HoldfastInstance {

    private final ServedNode served;
    private final HoldfastInstance client;

    ClientOfNode(HoldfastInstance node, Config config) {
        served = new ServedNode(node, Math.toIntExact(config.getMaxPayload()));
        ClientConfig own = new ClientConfig()
                .setMembers(List.of(served.address().toString()))
                .setRequestTimeout(config.getSubmitTimeout())
                .setClassLoader(config.getClassLoader());
        if (config.getSerializationConfig().getAllowedClasses().isEmpty()) {
            own.getSerializationConfig().addAllowedClasses("dev.holdfast.**");
        } else {
            config.getSerializationConfig().copyTo(own.getSerializationConfig());
        }
        boolean interrupted = Thread.interrupted(); // a test's, for what it calls then
        client = Holdfast.newClient(own);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String getName() {
        return client.getName();
    }

    @Override
    public DurableExecutorService getDurableExecutorService(String name) {
        return client.getDurableExecutorService(name);
    }

    @Override
    public Cluster getCluster() {
        return client.getCluster();
    }

    @Override
    public void start() {
        client.start();
    }

    @Override
    public void close() {
        client.close();
        served.close();
    }
}
