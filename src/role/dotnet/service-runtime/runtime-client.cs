using System;
using System.Linq;
using System.Threading;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>The role environment of this process: read from the file that its environment names, then followed over the runtime's socket.</summary>
    internal sealed class RuntimeClient
    {
        private readonly string versionEndpoint = Environment.GetEnvironmentVariable("WaRuntimeEndpoint");
        private readonly object turn = new object();
        private readonly EventTurns turns = new EventTurns();
        private volatile EnvironmentDocument current;
        private RuntimeConnection connection;
        private Action<Message> host;

        /// <summary>What a process that holds no entry point does at a stop before its listeners hear of it: the end of a site's application (H-27).</summary>
        internal Action BeforeStopping { get; set; }

        internal RuntimeClient()
        {
            var path = Environment.GetEnvironmentVariable("REDDOG_ROLE_ENVIRONMENT");
            if (!string.IsNullOrEmpty(path)) current = EnvironmentDocument.Read(path);
        }

        internal static RuntimeClient Shared { get; } = new RuntimeClient();

        internal bool IsAvailable => current != null && !string.IsNullOrEmpty(versionEndpoint);

        /// <summary>The newest accepted. Throws RoleEnvironmentException in a process that is no part of a role instance.</summary>
        internal EnvironmentDocument Document => current ?? throw new RoleEnvironmentException(
            "The role environment was asked for in a process that is no part of a role instance. Ask RoleEnvironment.IsAvailable first.");

        /// <summary>Connects, once. `receive` hears what is the business of the process that holds the entry point, which then raises Stopping itself.</summary>
        internal RuntimeConnection Connect(Action<Message> receive = null)
        {
            if (string.IsNullOrEmpty(versionEndpoint))
                throw new RoleEnvironmentException("There is no runtime here: WaRuntimeEndpoint is not set.");
            lock (turn)
            {
                if (connection != null) return connection;
                host = receive;
                return connection = RuntimeConnection.Open(versionEndpoint, receive != null, Follow);
            }
        }

        /// <summary>Who listens wants to be told; a runtime that has gone ends this process by itself.</summary>
        internal void Listen()
        {
            if (!IsAvailable) return;
            try
            {
                Connect();
            }
            catch (Exception error) when (error is System.Net.Sockets.SocketException || error is System.IO.IOException)
            {
                RoleEnvironment.TraceSource.TraceInformation($"The runtime is not there: {error.Message}");
            }
        }

        private void Follow(RuntimeConnection answer, Message message)
        {
            switch (message.Kind)
            {
                case "environment":
                    current = EnvironmentDocument.Read(message.Text("path"));
                    break;
                case "statusCheck":
                    turns.Add(() => CheckStatus(answer, message));
                    break;
                case "changing":
                    turns.Add(() => PrepareChange(answer, message));
                    break;
                case "changed":
                    turns.Add(() => Change(answer, message));
                    break;
                case "stop":
                    if (host == null) new Thread(() => Leave(answer)).Start();
                    break;
            }
            host?.Invoke(message);
        }

        /// <summary>In any process but the entry point's the listeners are all that a stop concerns.</summary>
        private void Leave(RuntimeConnection answer)
        {
            BeforeStopping?.Invoke();
            RoleEnvironment.RaiseStopping();
            answer.Send("stopped");
        }

        private static void CheckStatus(RuntimeConnection answer, Message message)
        {
            var check = new RoleInstanceStatusCheckEventArgs();
            RoleEnvironment.RaiseStatusCheck(check);
            var busy = check.Status == RoleInstanceStatus.Busy ? "true" : "false";
            answer.Send("status", $"\"id\":{message.Number("id")},\"busy\":{busy}");
        }

        private void PrepareChange(RuntimeConnection answer, Message message)
        {
            var (together, single) = Parted(current, EnvironmentDocument.Read(message.Text("path")), message);
            if (together.Length > 0) RoleEnvironment.RaiseSimultaneousChanging(new SimultaneousChangingEventArgs(together));
            var changing = new RoleEnvironmentChangingEventArgs(single);
            if (single.Length > 0) RoleEnvironment.RaiseChanging(changing);
            var cancel = changing.Cancel ? "true" : "false";
            answer.Send("changingEnded", $"\"incarnation\":{message.Number("incarnation")},\"cancel\":{cancel}");
        }

        private void Change(RuntimeConnection answer, Message message)
        {
            var before = current;
            current = EnvironmentDocument.Read(message.Text("path"));
            var (together, single) = Parted(before, current, message);
            if (together.Length > 0) RoleEnvironment.RaiseSimultaneousChanged(new SimultaneousChangedEventArgs(together));
            if (single.Length > 0) RoleEnvironment.RaiseChanged(new RoleEnvironmentChangedEventArgs(single));
            answer.Send("changedEnded", $"\"incarnation\":{message.Number("incarnation")}");
        }

        /// <summary>Topology that is told to all instances at once cannot be cancelled (U-53); a setting that changes with it can.</summary>
        private static (RoleEnvironmentChange[], RoleEnvironmentChange[]) Parted(
            EnvironmentDocument before, EnvironmentDocument after, Message message)
        {
            var isSimultaneous = message.Flag("simultaneous");
            var changes = before.ChangesTo(after).ToLookup(change => isSimultaneous && change is RoleEnvironmentTopologyChange);
            return (changes[true].ToArray(), changes[false].ToArray());
        }
    }
}
