using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Xml;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>A connection to the runtime over reddog-1. What it hears is told on a thread of its own, in order.</summary>
    internal sealed class RuntimeConnection
    {
        private const string OwnProtocol = "reddog-1";

        private readonly Stream stream;
        private readonly object turn = new object();

        private RuntimeConnection(Stream stream)
        {
            this.stream = stream;
        }

        /// <summary>Asks the version endpoint for the path of reddog-1 and connects to it. Throws when the runtime is not there.</summary>
        internal static RuntimeConnection Open(string versionEndpoint, bool isHost, Action<RuntimeConnection, Message> receive)
        {
            var socket = UnixEndPoint.Connect(PathOf(versionEndpoint));
            var connection = new RuntimeConnection(new NetworkStream(socket, true));
            connection.Send("hello", $"\"host\":{(isHost ? "true" : "false")}");
            new Thread(() => connection.Read(receive)) { IsBackground = true, Name = "role runtime" }.Start();
            return connection;
        }

        /// <summary>Returns when the message has been handed to the system. `fields`: more members of the JSON object.</summary>
        internal void Send(string kind, string fields = "")
        {
            var line = $"{{\"kind\":\"{kind}\"{(fields == "" ? "" : ",")}{fields}}}\n";
            var bytes = Encoding.UTF8.GetBytes(line);
            try
            {
                lock (turn) stream.Write(bytes, 0, bytes.Length);
            }
            catch (IOException)
            {
                // A runtime that has gone ends the role by itself; nothing is to be done about it here.
            }
        }

        private void Read(Action<RuntimeConnection, Message> receive)
        {
            try
            {
                var reader = new StreamReader(stream, Encoding.UTF8);
                for (var line = reader.ReadLine(); line != null; line = reader.ReadLine())
                    receive(this, Message.Read(line));
            }
            catch (IOException)
            {
                // As above.
            }
        }

        private static string PathOf(string versionEndpoint)
        {
            using (var stream = new NetworkStream(UnixEndPoint.Connect(versionEndpoint), true))
            {
                var document = new XmlDocument { XmlResolver = null };
                document.Load(stream);
                foreach (XmlElement endpoint in document.GetElementsByTagName("RuntimeServerEndpoint"))
                    if (endpoint.GetAttribute("version") == OwnProtocol) return endpoint.GetAttribute("path");
            }
            throw new RoleEnvironmentException($"The runtime at {versionEndpoint} does not speak {OwnProtocol}.");
        }
    }
}
