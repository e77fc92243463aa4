using System;
using System.Collections.Concurrent;
using System.Reflection;
using System.Threading;
using Microsoft.WindowsAzure.ServiceRuntime;

namespace Reddog.RoleHost
{
    /// <summary>
    /// Runs an entry point as the runtime asks: OnStart, Run, and at a stop Stopping and OnStop (H-27 to H-31). An exception anywhere, and OnStart that
    /// answers false, end the process at once: neither Stopping nor OnStop follows (H-30). OnStart and Run have the main thread, OnStop one of its own.
    /// </summary>
    internal sealed class EntryPointHost
    {
        private readonly string library;
        private readonly BlockingCollection<Action> main = new BlockingCollection<Action>();
        private RuntimeConnection connection;
        private RoleEntryPoint entryPoint;
        private volatile string phase = "loading";
        private volatile bool isStarted;
        private int failures;

        internal EntryPointHost(string library)
        {
            this.library = library;
        }

        /// <summary>Returns never: the process ends by what the runtime or the role does.</summary>
        internal int Run()
        {
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => Fail((Exception)unhandled.ExceptionObject);
            connection = RuntimeClient.Shared.Connect(Obey);
            foreach (var order in main.GetConsumingEnumerable()) Guard(order);
            return 0;
        }

        private void Obey(Message message)
        {
            if (message.Kind == "onStart") main.Add(Start);
            if (message.Kind == "run") main.Add(RunRole);
            if (message.Kind == "stop") new Thread(() => Guard(Stop)).Start();
        }

        private void Guard(Action order)
        {
            try
            {
                order();
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }

        private void Start()
        {
            entryPoint = Load();
            phase = "OnStart";
            RoleOutput.Say("OnStart begins.");
            var result = entryPoint.OnStart();
            RoleOutput.Say($"OnStart ended with {(result ? "true" : "false")}.");
            isStarted = result;
            connection.Send("onStartEnded", $"\"result\":{(result ? "true" : "false")}");
            if (!result) ProcessEnd.Now(ProcessEnd.Failed);
        }

        private RoleEntryPoint Load()
        {
            // What is loaded until here is the platform's; with the entry point it is a role that runs.
            ProcessEnd.BeRole();
            WindowsPath.TranslateVariables();
            RoleOutput.Say(library == "" ? "The role has no entry point of its own." : $"Loading {library}.");
            return library == "" ? new DefaultEntryPoint() : (RoleEntryPoint)Activator.CreateInstance(EntryPointSearch.TypeIn(library), true);
        }

        private void RunRole()
        {
            phase = "Run";
            RoleOutput.Say("Run begins.");
            connection.Send("runBegan");
            entryPoint.Run();
            RoleOutput.Say("Run returned.");
            connection.Send("runReturned");
        }

        private void Stop()
        {
            RoleOutput.Say("Stopping.");
            RoleEnvironment.RaiseStopping();
            phase = "OnStop";
            if (isStarted) entryPoint.OnStop();
            RoleOutput.Say("OnStop ended.");
            connection.Send("stopped");
            ProcessEnd.InOrder(0);
        }

        /// <summary>Only the first failure is told: others may follow while the process ends.</summary>
        private void Fail(Exception error)
        {
            if (Interlocked.Increment(ref failures) > 1) Thread.Sleep(Timeout.Infinite);
            // What a constructor throws comes in a wrapping that says nothing.
            while (error is TargetInvocationException && error.InnerException != null) error = error.InnerException;
            var stack = error.ToString();
            RoleOutput.Say($"Unhandled Exception in {phase}: {stack}");
            var failure = $"{{\"type\":{Cut(error.GetType().FullName)},\"message\":{Cut(error.Message)},\"stack\":{Cut(stack)}}}";
            connection.Send("failed", $"\"during\":\"{phase}\",\"failure\":{failure}");
            ProcessEnd.Now(ProcessEnd.Failed);
        }

        /// <summary>The runtime keeps no more of it (H-2).</summary>
        private const int TextLimit = 4096;

        private static string Cut(string text) => Message.Quote(text.Length > TextLimit ? text.Substring(0, TextLimit) : text);

        /// <summary>That of a web role which brings none: OnStart returns true and Run sleeps (I-18).</summary>
        private sealed class DefaultEntryPoint : RoleEntryPoint
        {
        }
    }
}
