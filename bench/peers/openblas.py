"""The threads of PyTorch's products: of Debian's build OpenBLAS makes them."""
import ctypes
import os


def openblas():
    """What the OpenBLAS behind libblas says of itself; nothing if it is another BLAS."""
    try:
        library = ctypes.CDLL("libblas.so.3")
        library.openblas_get_config.restype = ctypes.c_char_p
        return library.openblas_get_config().decode()
    except (OSError, AttributeError):
        return None


def prepare_threads(threads):
    """To be called before torch is imported.

    OpenBLAS with threads of its own and PyTorch's OpenMP threads, which spin while they wait, fight for the processors:
    half the speed. Sleeping threads help, and OpenBLAS built on OpenMP (one pool of threads for both) is fastest.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(threads)
    blas = openblas()
    if blas and "USE_OPENMP" not in blas:
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def backend(torch):
    if torch.backends.mkl.is_available():
        return "MKL"
    return openblas() or "another BLAS than OpenBLAS: slow"
