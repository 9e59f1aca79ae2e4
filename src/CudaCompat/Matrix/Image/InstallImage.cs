using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>data/install.bin: the install tier as one image, with the indexes by which steps find their files.</summary>
internal static class InstallImage
{
    /// <summary>The file in data/.</summary>
    public const string FileName = "install.bin";

    public const string RedistByToolkit = "redist-by-toolkit-and-platform";
    public const string InstallersByToolkit = "installers-by-toolkit";
    public const string FilesByBuild = "files-by-package-and-version";

    /// <summary>Writes the rows and their indexes.</summary>
    public static byte[] Write(InstallData data)
    {
        var image = new ImageWriter();
        image.Table("toolkit-installers", data.Installers, InstallCells.Write);
        image.Table("redist-components", data.Redist, InstallCells.Write);
        image.Table("cudnn-files", data.CudnnFiles, InstallCells.Write);
        image.Table("build-files", data.BuildFiles, InstallCells.Write);
        image.Table("install-forms", data.Forms, CuratedCells.Write);
        image.Table("install-places", data.Places, CuratedCells.Write);
        image.Table("toolkit-layout", data.Layouts, CuratedCells.Write);
        image.Table("redist-parts", data.RedistParts, CuratedCells.Write);
        image.Table("installer-components", data.InstallerComponents, CuratedCells.Write);
        image.Table("package-names", data.PackageNames, CuratedCells.Write);
        image.Table("repositories", data.Repositories, CuratedCells.Write);
        image.Table("mirrors", data.Mirrors, CuratedCells.Write);
        image.Table("step-notes", data.StepNotes, CuratedCells.Write);
        image.Index(RedistByToolkit, MatrixImage.Group(data.Redist, r => Key(r.Toolkit, r.Platform)));
        image.Index(InstallersByToolkit, MatrixImage.Group(data.Installers, r => r.Toolkit.MajorMinor.ToString()));
        image.Index(FilesByBuild, MatrixImage.Group(data.BuildFiles, r => Key(r.Package, r.Version)));
        return image.ToBytes();
    }

    /// <summary>The rows of an image, none of them decoded yet.</summary>
    public static InstallData Read(DataImage image)
    {
        var installers = image.Table("toolkit-installers", InstallCells.Installer);
        var redist = image.Table("redist-components", InstallCells.Redist);
        var files = image.Table("build-files", InstallCells.BuildFile);
        var redistIndex = image.Index(RedistByToolkit);
        var installerIndex = image.Index(InstallersByToolkit);
        var fileIndex = image.Index(FilesByBuild);
        return new InstallData
        {
            Installers = installers,
            Redist = redist,
            CudnnFiles = image.Table("cudnn-files", InstallCells.CudnnFile),
            BuildFiles = files,
            Forms = image.Table("install-forms", CuratedCells.Form),
            Places = image.Table("install-places", CuratedCells.Place),
            Layouts = image.Table("toolkit-layout", CuratedCells.Layout),
            RedistParts = image.Table("redist-parts", CuratedCells.RedistPart),
            InstallerComponents = image.Table("installer-components", CuratedCells.InstallerComponent),
            PackageNames = image.Table("package-names", CuratedCells.PackageName),
            Repositories = image.Table("repositories", CuratedCells.Repository),
            Mirrors = image.Table("mirrors", CuratedCells.Mirror),
            StepNotes = image.Table("step-notes", CuratedCells.StepNote),
            FindRedist = (toolkit, platform) => redist.Rows(redistIndex[Key(toolkit, platform)]),
            FindInstallers = toolkit => installers.Rows(installerIndex[toolkit.ToString()]),
            FindFiles = (package, version) => files.Rows(fileIndex[Key(package, version)]),
        };
    }

    private static string Key(CudaVersion toolkit, string platform) => $"{toolkit} {platform}";

    private static string Key(string package, PackageVersion version) => $"{package} {version}";
}
