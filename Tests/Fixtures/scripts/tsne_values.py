"""The values of scikit-learn that Tests/LikenessTests/TSNETests.swift holds ours against.

    python tsne_values.py
"""
import numpy as np
import sklearn
from sklearn.manifold import TSNE, trustworthiness


def noise(i, j):
    value = np.sin(i * 12.9898 + j * 78.233) * 43758.5453
    return value - np.floor(value) - 0.5


def main():
    rows = np.array([[(3 if j == i % 3 else 0) + 4 * noise(i + 1, j + 1) for j in range(10)]
                     for i in range(150)])
    print("scikit-learn", sklearn.__version__)
    for init, seed in (("pca", 0), ("random", 0), ("random", 1), ("random", 2)):
        model = TSNE(method="exact", init=init, perplexity=30, random_state=seed)
        places = model.fit_transform(rows)
        print(init, seed, model.kl_divergence_, trustworthiness(rows, places, n_neighbors=5))


if __name__ == "__main__":
    main()
