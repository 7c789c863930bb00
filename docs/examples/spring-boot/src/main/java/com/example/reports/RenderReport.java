package com.example.reports;

import dev.holdfast.DurableCallable;
import dev.holdfast.TaskContext;

/** What is stored: the name of the class, and the month. The bean comes from the process that runs it. */
record RenderReport(String month) implements DurableCallable<String> {

    @Override
    public String call() throws Exception {
        TaskContext task = TaskContext.current();
        Renderer renderer = (Renderer) task.userContext().get(HoldfastConfiguration.RENDERER);
        return renderer.render(month);
    }
}
