using System;
using System.Collections.Concurrent;
using System.Threading;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>Handlers of events run one after the other on one thread, so that a slow one holds up neither the connection nor a stop.</summary>
    internal sealed class EventTurns
    {
        private readonly BlockingCollection<Action> waiting = new BlockingCollection<Action>();
        private Thread thread;

        internal void Add(Action action)
        {
            waiting.Add(action);
            if (thread != null) return;
            thread = new Thread(() =>
            {
                foreach (var next in waiting.GetConsumingEnumerable()) next();
            }) { IsBackground = true, Name = "role events" };
            thread.Start();
        }
    }
}
