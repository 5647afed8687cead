using System.Xml;
using System.Xml.Linq;

namespace ExternalAction.Sanctions.Files;

/// <summary>An element of a file as a tree, read within a depth.</summary>
internal static class BoundedTree
{
    /// <summary>The element on which a reader stands, names without their namespaces; the reader then stands behind it.</summary>
    /// <exception cref="ListFileException">It is nested too deep.</exception>
    public static XElement Read(XmlReader xml, int maxDepth)
    {
        var root = new XElement(xml.LocalName);
        var at = root;
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return root;
        }

        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element when xml.Depth - depth > maxDepth:
                    throw new ListFileException(ListFileFault.TooLarge, $"Elements are nested more than {maxDepth} deep.", ((IXmlLineInfo)xml).LineNumber);
                case XmlNodeType.Element:
                    var child = new XElement(xml.LocalName);
                    at.Add(child);
                    at = xml.IsEmptyElement ? at : child;
                    break;
                case XmlNodeType.EndElement:
                    at = at.Parent ?? root;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    at.Add(new XText(xml.Value));
                    break;
            }
        }

        xml.Read();
        return root;
    }
}
