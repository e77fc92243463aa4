using System;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>The address of a Unix domain socket: sockets of .NET Framework know the family, and no end point of it.</summary>
    internal sealed class UnixEndPoint : EndPoint
    {
        private readonly string path;

        internal UnixEndPoint(string path)
        {
            this.path = path;
        }

        public override AddressFamily AddressFamily => AddressFamily.Unix;

        public override SocketAddress Serialize()
        {
            var bytes = Encoding.UTF8.GetBytes(path);
            // Two bytes of family go before, and one that ends the path behind.
            var address = new SocketAddress(AddressFamily.Unix, bytes.Length + 3);
            for (var index = 0; index < bytes.Length; index++) address[index + 2] = bytes[index];
            address[bytes.Length + 2] = 0;
            return address;
        }

        public override EndPoint Create(SocketAddress socketAddress) => this;

        internal static Socket Connect(string path)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixEndPoint(path));
            return socket;
        }
    }
}
